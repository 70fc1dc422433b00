import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parseEntities, weightedLength } from './parse-entities.ts';
import { MAX_UNITS, plainText } from './plain-text.ts';

/*
 * Expressions that take quadratic time do so on text that somebody made for it. What bounds the time is that no
 * expression is ever given more than MAX_UNITS; so that is what is counted, and not the time.
 */

/** The lengths of texts that were given to an expression, whichever method of text went through it, and to normalising. */
let looked: () => number[];
const sum = () => looked().reduce((all, length) => all + length, 0);

beforeEach(() => {
  const exec = jest.spyOn(RegExp.prototype, 'exec');
  const normalize = jest.spyOn(String.prototype, 'normalize');
  looked = () => [
    ...exec.mock.calls.map(([text]) => text.length),
    ...normalize.mock.contexts.map((text) => String(text).length),
  ];
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Each repeats what makes one of the expressions, or normalising, try again from every place. */
const NASTY = {
  'hosts without an end': 'a.',
  'mentions without an end': '@',
  'hashtags of marks': '#\u0301',
  'lists in lists': '@a/',
  'slashes of an address': 'http://',
  'brackets in an address': 'x.co/(',
  'dots in a query': 'x.co?.',
  'marks on marks': '\u0323\u0301',
  'halves of emoji': '\u200d\ufe0f',
  'spaces that are none': '\u3000',
  'emoji joined for ever': '👩\u200d',
  digits: '1',
} as const;

const read = (text: string) => {
  const plain = plainText(text);
  if (plain.type === 'refused') return plain;
  return { type: plain.type, length: weightedLength(plain.text), entities: parseEntities(plain.text) };
};

describe.each(Object.entries(NASTY))('%s', (_, piece) => {
  it.each([280, 2000, 2001, 10_000, 100_000])('are read as far as the limit: %i units', (units) => {
    const text = piece.repeat(Math.ceil(units / piece.length)).slice(0, units);
    const { type } = read(text);
    if (units > MAX_UNITS) {
      expect(type).toBe('refused');
      expect(sum()).toBe(0);
      // Who forgets to ask plainText first gets no further.
      expect(parseEntities(text)).toEqual([]);
      expect(weightedLength(text)).toBe(units);
      expect(sum()).toBe(0);
    }
    for (const length of new Set(looked())) expect(length).toBeLessThanOrEqual(MAX_UNITS);
  });

  it('are looked at again from each place at worst, and not once more for each of these', () => {
    read(piece.repeat(Math.ceil(MAX_UNITS / piece.length)).slice(0, MAX_UNITS));
    expect(sum()).toBeLessThanOrEqual(4 * MAX_UNITS ** 2);
  });
});
