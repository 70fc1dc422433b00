import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { isOutOfReach, OutOfReach } from './out-of-reach.ts';

const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    return await promise;
  } catch (err) {
    return err;
  }
};

it('knows what clients say when nobody answers', async () => {
  const redis = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  const failures = [
    rejection(once(connect(1, '127.0.0.1'), 'connect')),
    rejection(new pg.Client({ host: '127.0.0.1', port: 1 }).connect()),
    rejection(redis.get('key')),
    rejection(redis.get('key after the end')),
  ];
  for (const failure of failures) expect(isOutOfReach(await failure)).toBe(true);
});

it.each(['57P01', '57P03', '08006', '53300'])('knows the code %s of Postgres', (code) => {
  expect(isOutOfReach(Object.assign(new Error('postgres says no'), { code }))).toBe(true);
});

it('looks at what an error was caused by', () => {
  const cause = new OutOfReach('redis is away');
  expect(isOutOfReach(new Error('fan-out failed', { cause }))).toBe(true);
});

it('leaves to the event what is the event’s', () => {
  const others = [
    new TypeError('undefined is not a function'),
    Object.assign(new Error(), { code: '23505' }),
    'text',
    null,
  ];
  expect(others.map(isOutOfReach)).toEqual([false, false, false, false]);
});
