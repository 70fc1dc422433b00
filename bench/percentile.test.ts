import { describe, expect, it } from '@jest/globals';
import { median, percentile } from './percentile.ts';

const toHundred = Array.from({ length: 100 }, (_, at) => 100 - at);

describe('a percentile', () => {
  it('is one of the values, in whatever order they come', () => {
    expect(percentile(toHundred, 0.5)).toBe(50);
    expect(percentile(toHundred, 0.99)).toBe(99);
    expect(percentile([30, 10, 20], 0.5)).toBe(20);
  });

  it('compares numbers as numbers', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  it('of few values is the largest where the share asks for more than there are', () => {
    expect(percentile([3, 7], 0.99)).toBe(7);
    expect(percentile([3], 0)).toBe(3);
  });

  it('takes the lower of two in the middle', () => {
    expect(median([1, 2, 3, 4])).toBe(2);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
