import { describe, expect, it } from '@jest/globals';
import { createBreaker } from './redis.ts';

describe('the breaker before Redis', () => {
  it('refuses for a second after a failure, lets one attempt through, and closes when that is well', async () => {
    let nowMs = 0;
    let calls = 0;
    let works = false;
    const guard = createBreaker(() => nowMs);
    const ask = () =>
      guard(async () => {
        calls += 1;
        if (!works) throw new Error('no answer');
        return 'answer';
      }).catch((err: unknown) => (err instanceof Error ? err.message : err));

    expect(await ask()).toBe('no answer');
    expect(await ask()).toBe('Redis is out of reach');
    nowMs += 1000;
    expect(await Promise.all([ask(), ask()])).toEqual(['no answer', 'Redis is out of reach']);
    expect(calls).toBe(2);
    nowMs += 1000;
    works = true;
    expect(await Promise.all([ask(), ask()])).toEqual(['answer', 'Redis is out of reach']);
    expect(await Promise.all([ask(), ask()])).toEqual(['answer', 'answer']);
  });
});
