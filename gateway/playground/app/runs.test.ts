import { describe, expect, it } from '@jest/globals';
import { costIn, told } from './runs.ts';

const run = { status: 200, ms: 34.4, bytes: 12_345, cost: null };

describe('what is told of a run', () => {
  it('is its status, its time and its size', () => {
    expect(told(run)).toEqual(['200', '34 ms', '12.3 kB']);
    expect(told({ ...run, bytes: 159, ms: 12_000 })).toEqual(['200', '12 s', '159 B']);
  });

  it('is its cost and what is left, as far as the server says', () => {
    const cost = { requested: 548, remaining: 9452, limit: 10_000, resetMs: 40_200 };
    expect(told({ ...run, cost }).slice(3)).toEqual(['cost 548', '9,452 of 10,000 left, full again in 41 s']);
    expect(told({ ...run, cost: { requested: 2 } }).slice(3)).toEqual(['cost 2']);
    expect(told({ ...run, cost: { requested: 2, remaining: 8 } }).slice(3)).toEqual(['cost 2', '8 left']);
  });

  it('is that nothing came, when nothing did', () => {
    expect(told({ ...run, status: null, bytes: 0 })).toEqual(['no answer', '34 ms']);
  });
});

describe('the cost in an answer', () => {
  it('is read when it is told', () => {
    expect(
      costIn({ data: {}, extensions: { cost: { requested: 3, remaining: 7, unit: 'points' } } }),
    ).toEqual({
      requested: 3,
      remaining: 7,
    });
  });

  it.each([
    null,
    undefined,
    {},
    { extensions: {} },
    { extensions: { cost: null } },
    { extensions: { cost: { limit: 3 } } },
  ])('is nothing in %j', (answer) => {
    expect(costIn(answer)).toBeNull();
  });
});
