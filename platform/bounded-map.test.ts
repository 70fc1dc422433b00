import { expect, it } from '@jest/globals';
import { BoundedMap } from './bounded-map.ts';

it('forgets what was used longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.get('a');
  map.set('c', 3);
  expect([...map]).toEqual([
    ['a', 1],
    ['c', 3],
  ]);
});

it('counts what a value weighs, also when it is replaced or taken away', () => {
  const map = new BoundedMap<string, string>(10, (value) => value.length);
  map.set('a', '12345');
  map.set('a', '123456789');
  map.set('b', '1');
  expect([...map]).toHaveLength(2);
  map.delete('a');
  map.set('c', '123456789');
  expect([...map].map(([key]) => key)).toEqual(['b', 'c']);
  map.set('d', '12345678901');
  expect([...map]).toEqual([]);
});
