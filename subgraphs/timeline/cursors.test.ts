import { describe, expect, it } from '@jest/globals';
import { lowestIdAt, MAX_ID } from '../../platform/ids.ts';
import { cursorOf, pageOf } from '../connection.ts';
import { edgeCursor, firstIdAfter, HOME, liveCursor, placeOf, stretchOf } from './cursors.ts';

describe('cursors of the home timeline', () => {
  it('bound the stretch between two edges, read from either end', () => {
    const between = { after: edgeCursor('90'), before: edgeCursor('50') };
    expect(stretchOf(pageOf(HOME, { first: 5, ...between }), null)).toEqual({
      direction: 'down',
      newerThan: '50',
      olderThan: '90',
      limit: 6,
    });
    expect(stretchOf(pageOf(HOME, { last: 5 }), null)).toEqual({
      direction: 'up',
      newerThan: '0',
      olderThan: MAX_ID,
      limit: 6,
    });
  });

  it('are bounded by a moment, however far away', () => {
    const bound = (asOf: Date) => stretchOf(pageOf(HOME, {}), asOf).olderThan;
    const moment = Date.UTC(2026, 10, 21);
    expect(bound(new Date(moment))).toBe(lowestIdAt(moment + 1));
    expect(bound(new Date('1970-01-01T00:00:00Z'))).toBe('0');
    expect(firstIdAfter(new Date('9999-12-31T23:59:59Z'))).toBe(MAX_ID);
  });

  it('refuse what is not theirs', () => {
    for (const cursor of ['', 'x', cursorOf('replies', '1'), cursorOf(HOME, '1', '2'), cursorOf(HOME, '0')]) {
      expect(() => stretchOf(pageOf(HOME, { after: cursor }), null)).toThrow('not one of this list');
    }
  });

  it('resume a stream, for its own viewer alone', () => {
    const place = { epoch: '77', position: '1790000000000-3', atMs: 1790000000005 };
    expect(placeOf('9', liveCursor('9', place))).toEqual(place);
    expect(() => placeOf('8', liveCursor('9', place))).toThrow('not one of this stream');
    expect(() => placeOf('9', edgeCursor('9'))).toThrow('not one of this list');
    expect(() => placeOf('9', cursorOf('home-live', '9', '1'))).toThrow('not one of this stream');
    const beyond = liveCursor('9', { ...place, atMs: 8_640_000_000_000_001 });
    expect(() => placeOf('9', beyond)).toThrow('not one of this stream');
  });
});
