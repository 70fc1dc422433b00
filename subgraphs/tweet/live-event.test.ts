import { expect, it } from '@jest/globals';
import { cursorOf } from '../connection.ts';
import { liveCursor, placeOf } from './live-event.ts';

const place = { epoch: '77', position: '1790000000000-3', atMs: 1790000000005 };

it('resumes where a cursor says', () => {
  expect(placeOf(liveCursor(place))).toEqual(place);
});

it.each([
  ['of half a place', cursorOf('tweets-live', '77', '1')],
  ['of more than a place', cursorOf('tweets-live', '77', '1', '2', '3', '4')],
  ['of a moment that no clock will show', liveCursor({ ...place, atMs: 8_640_000_000_000_001 })],
])('takes no cursor %s', (_, cursor) => {
  expect(() => placeOf(cursor)).toThrow('not one of this stream');
});
