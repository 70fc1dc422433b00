import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareIds, createIdSource, isId, lowestIdAt, madeAt, MAX_ID, newestFirst, shiftId } from './ids.ts';

describe('ids', () => {
  it('grow, also within one millisecond and when the clock is set back', () => {
    const clock = [5, 5, 5, 3, 3, 9].map((ms) => Date.UTC(2026, 0, 1) + ms);
    const ids = createIdSource(7, () => clock.shift() ?? 0);
    const made = Array.from({ length: 6 }, () => ids.next());
    expect([...made].toSorted(compareIds)).toEqual(made);
    expect(new Set(made).size).toBe(6);
  });

  it('grow past the 4096 that one millisecond holds', () => {
    const ids = createIdSource(1023, () => Date.UTC(2026, 0, 1));
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect([...made].toSorted(compareIds)).toEqual(made);
    expect(new Set(made).size).toBe(10_000);
  });

  it('tell when they were made, and bound those made later', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2025, 0, 2), max: Date.UTC(2090, 0, 1) }), (ms) => {
        const id = createIdSource(3, () => ms).next();
        expect(madeAt(id)).toBe(ms);
        expect(compareIds(lowestIdAt(ms), id)).toBeLessThan(0);
        expect(newestFirst(lowestIdAt(ms + 1), id)).toBeLessThan(0);
      }),
    );
  });

  it('are told from other text', () => {
    expect(['1', '9223372036854775807'].map(isId)).toEqual([true, true]);
    expect(['', '0', '-1', '01', '1e3', '9223372036854775808', '１', ' 1'].map(isId)).toEqual(
      Array(8).fill(false),
    );
  });

  it('are shifted by time, within what 64 bits hold', () => {
    const id = createIdSource(3, () => Date.UTC(2026, 0, 1)).next();
    expect(madeAt(shiftId(id, 1500))).toBe(Date.UTC(2026, 0, 1) + 1500);
    expect(shiftId(shiftId(id, 1500), -1500)).toBe(id);
    expect([shiftId(id, -1e15), shiftId(id, 1e15)]).toEqual(['0', MAX_ID]);
  });
});
