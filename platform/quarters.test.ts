import { expect, it } from '@jest/globals';
import { lowestIdAt, madeAt } from './ids.ts';
import { stretchesBelow } from './quarters.ts';

const days = (moment: string) =>
  [...stretchesBelow(lowestIdAt(Date.parse(moment)))].map(({ from, below }) => [
    new Date(madeAt(from)).toISOString().slice(0, 10),
    new Date(madeAt(below)).toISOString().slice(0, 10),
  ]);

it('walks quarters from the newest, in ever longer strides, to the first id there can be', () => {
  expect(days('2027-08-15T12:00Z')).toEqual([
    ['2027-07-01', '2027-08-15'],
    ['2027-04-01', '2027-07-01'],
    ['2026-10-01', '2027-04-01'],
    ['2025-10-01', '2026-10-01'],
    ['2025-01-01', '2025-10-01'],
  ]);
});

it('has no empty stretch when it begins at a quarter', () => {
  expect(days('2025-07-01')).toEqual([
    ['2025-04-01', '2025-07-01'],
    ['2025-01-01', '2025-04-01'],
  ]);
});

it('is over at once below the first id', () => {
  expect([...stretchesBelow('0')]).toEqual([]);
});
