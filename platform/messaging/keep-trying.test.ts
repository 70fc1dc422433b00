import { expect, it } from '@jest/globals';
import { keepTrying, pauseAfter } from './keep-trying.ts';

const patience = { firstPauseMs: 1, longestPauseMs: 4 };

it('tries until it works, and counts the failures in a row', async () => {
  const told: number[] = [];
  let tries = 0;
  await keepTrying(
    () => (++tries < 4 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    { ...patience, signal: new AbortController().signal },
    (_, failures) => told.push(failures),
  );
  expect(told).toEqual([1, 2, 3]);
});

it('ends when it is told to, also while it waits', async () => {
  const stopping = new AbortController();
  let tries = 0;
  await keepTrying(
    () => {
      tries += 1;
      return Promise.reject(new Error('never'));
    },
    { firstPauseMs: 1e6, longestPauseMs: 1e6, signal: stopping.signal },
    () => setImmediate(() => stopping.abort()),
  );
  expect(tries).toBe(1);
});

it('waits twice as long after each failure, up to a bound, and never quite alike', () => {
  for (const [failures, ms] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 500],
    [90, 500],
  ] as const) {
    const waited = pauseAfter(failures, { firstPauseMs: 100, longestPauseMs: 500 });
    expect(waited / ms).toBeGreaterThanOrEqual(0.75);
    expect(waited / ms).toBeLessThan(1.25);
  }
});
