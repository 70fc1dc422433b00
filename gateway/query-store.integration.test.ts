import { createHash, randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { until } from '../tests/until.ts';
import { createQueryStore, type QueryStore } from './query-store.ts';

const url = process.env['REDIS_URL'] ?? '';
const open: QueryStore[] = [];
afterEach(() => open.splice(0).forEach((store) => store.close()));

const aStore = (redis: { url: string; keyPrefix: string } | null) => {
  const store = createQueryStore(redis);
  open.push(store);
  return store;
};
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

it('keeps queries for all gateways', async () => {
  const keyPrefix = `${randomUUID()}:`;
  const [one, other] = [aStore({ url, keyPrefix }), aStore({ url, keyPrefix })];
  const found = await until('the other gateway knows it', async () => {
    await one.set(hashOf('{ a }'), '{ a }');
    return await other.get(hashOf('{ a }'));
  });
  expect(found).toBe('{ a }');
});

it('keeps them for itself while Redis is away, and where there is none', async () => {
  for (const redis of [{ url: 'redis://127.0.0.1:1', keyPrefix: '' }, null]) {
    const store = aStore(redis);
    await store.set(hashOf('{ a }'), '{ a }');
    expect(await store.get(hashOf('{ a }'))).toBe('{ a }');
    expect(await store.get(hashOf('{ b }'))).toBeUndefined();
  }
});

it('keeps none that is long, and looks for nothing that is no hash', async () => {
  const store = aStore(null);
  const long = `{ a ${' '.repeat(20_000)} }`;
  await store.set(hashOf(long), long);
  expect(await store.get(hashOf(long))).toBeUndefined();
  expect(await store.get('__proto__')).toBeUndefined();
});
