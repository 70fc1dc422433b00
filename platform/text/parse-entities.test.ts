import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEntities, weightedLength } from './parse-entities.ts';
import { MAX_UNITS, plainText } from './plain-text.ts';

describe('parseEntities', () => {
  it('finds mentions, hashtags and links in order, counting as slice does', () => {
    const text = '😀 @Ada_L saw #TernWatch at example.com/terns';
    expect(parseEntities(text)).toEqual([
      { type: 'mention', start: 3, end: 9, username: 'ada_l' },
      { type: 'hashtag', start: 14, end: 24, tag: 'ternwatch' },
      {
        type: 'link',
        start: 28,
        end: 45,
        url: 'https://example.com/terns',
        displayText: 'example.com/terns',
      },
    ]);
  });

  it('shows a long link without its scheme, cut, and leads where it was written to', () => {
    const [link] = parseEntities(`http://münchen.de/${'ä'.repeat(40)}`);
    expect(link).toMatchObject({ displayText: `münchen.de/${'ä'.repeat(18)}…` });
    expect(link).toHaveProperty('url', expect.stringMatching(/^http:\/\/xn--mnchen-3ya\.de\/%C3%A4/));
  });

  it('takes the owner of a list as mentioned, and nothing of a cashtag or an e-mail address', () => {
    expect(parseEntities('@ada/list $ABC ada@example.com')).toEqual([
      { type: 'mention', start: 0, end: 4, username: 'ada' },
    ]);
  });

  it('makes no link with another scheme, and no hashtag of digits', () => {
    expect(parseEntities('javascript:alert(1) ftp://x #123')).toEqual([]);
  });

  it('gives stretches that are sorted, apart, and say what they hold', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '@ada',
        '#tag',
        '#日本',
        'x.co',
        'https://a.org/?q=1',
        ' ',
        '\n',
        '😀',
        '＠bob',
        '＃x',
        '.',
        '/',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const plain = plainText(pieces.join(''));
        if (plain.type === 'refused') return;
        let end = 0;
        for (const entity of parseEntities(plain.text)) {
          expect(entity.start).toBeGreaterThanOrEqual(end);
          end = entity.end;
          expect(end).toBeLessThanOrEqual(plain.text.length);
          const stretch = plain.text.slice(entity.start, entity.end);
          expect(stretch.isWellFormed()).toBe(true);
          if (entity.type === 'mention') expect(stretch.slice(1).toLowerCase()).toBe(entity.username);
          if (entity.type === 'hashtag') expect(stretch.slice(1).toLowerCase()).toBe(entity.tag);
          if (entity.type === 'link') expect(entity.url).toMatch(/^https?:\/\//);
        }
      }),
    );
  });

  it('does not look at what is too long', () => {
    expect(parseEntities('@ada '.repeat(MAX_UNITS))).toEqual([]);
  });
});

describe('weightedLength', () => {
  it.each([
    ['a'.repeat(280), 280],
    ['é', 1],
    ['日本', 4],
    ['👨‍👩‍👧‍👦', 2],
    [`https://example.com/${'a'.repeat(500)}`, 23],
    ['a b.co', 25],
    ['', 0],
  ])('of %j is %i', (text, length) => {
    expect(weightedLength(text)).toBe(length);
  });

  it('is above every limit for what is too long to parse', () => {
    expect(weightedLength('a.'.repeat(MAX_UNITS))).toBeGreaterThan(MAX_UNITS);
  });
});
