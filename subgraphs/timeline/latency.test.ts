import { describe, expect, it } from '@jest/globals';
import { quantileMs, stepOf } from './latency.ts';

describe('latencies in steps', () => {
  it('are told to within a fifth, and never too low', () => {
    for (const ms of [1, 2, 9, 40, 333, 12_345, 600_000]) {
      const told = quantileMs(new Map([[stepOf(ms), 1]]), 0.5) ?? 0;
      expect(told).toBeGreaterThanOrEqual(ms);
      expect(told).toBeLessThan(ms * 1.2 + 1);
    }
  });

  it('have a half and ninety-nine of a hundred, whatever order they came in', () => {
    const steps = new Map([
      [stepOf(1000), 1],
      [stepOf(8), 49],
      [stepOf(32), 50],
    ]);
    expect(quantileMs(steps, 0.5)).toBe(32);
    expect(quantileMs(steps, 0.49)).toBe(8);
    expect(quantileMs(steps, 0.99)).toBe(32);
    expect(quantileMs(steps, 1)).toBeGreaterThanOrEqual(1000);
  });

  it('are nothing of nothing', () => {
    expect(quantileMs(new Map(), 0.5)).toBeNull();
  });

  it('begin at a millisecond, also where clocks differ', () => {
    expect(stepOf(-5)).toBe(0);
    expect(stepOf(0.2)).toBe(0);
  });
});
