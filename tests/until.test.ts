import { expect, it } from '@jest/globals';
import { until } from './until.ts';

it('asks until there is an answer', async () => {
  let asked = 0;
  expect(await until('it is 3', () => (asked += 1) === 3 && 'three')).toBe('three');
});

it('says what was waited for in vain, and why', async () => {
  const refused = new Error('It is closed.');
  await expect(until('it opens', () => Promise.reject(refused), 1)).rejects.toMatchObject({
    message: 'Waited in vain until it opens.',
    cause: refused,
  });
});

it('waits no longer for an answer that never comes', async () => {
  const never = new Promise<boolean>(() => undefined);
  await expect(until('it speaks', () => never, 1)).rejects.toThrow('Waited in vain until it speaks.');
});
