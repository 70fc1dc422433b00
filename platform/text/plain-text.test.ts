import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_UNITS, plainText } from './plain-text.ts';

const text = (input: string) => plainText(input);

describe('plainText', () => {
  it('keeps lines, spells line ends one way, makes tabs spaces and trims', () => {
    expect(text('  a\tb\r\nc\n')).toEqual({ type: 'text', text: 'a b\nc' });
  });

  it('writes what looks the same the same way', () => {
    expect(text('e\u0301')).toEqual({ type: 'text', text: '\u00e9' });
  });

  it('keeps emoji that are joined of several', () => {
    expect(text('👩‍🚀')).toEqual({ type: 'text', text: '👩‍🚀' });
  });

  it.each(['\0', 'a\u0007', '\u0085', '\ud83d', 'a\udc00b', '\ufffe', '\ufeff', 'a\rb'])(
    'refuses %j',
    (input) => {
      expect(text(input)).toEqual({ type: 'refused', constraint: 'MALFORMED' });
    },
  );

  it.each(['', ' \n ', '\u200b', '\u2060 \u00ad', '\u3164', '\ufe0f'])(
    'finds nothing to see in %j',
    (input) => {
      expect(text(input)).toEqual({ type: 'text', text: '' });
    },
  );

  it('looks no closer at what is too long', () => {
    expect(text('a'.repeat(MAX_UNITS + 1))).toEqual({ type: 'refused', constraint: 'TOO_LONG' });
  });

  it('changes nothing the second time, and gives only what UTF-8 can write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => {
        const once = text(input);
        if (once.type === 'refused') return;
        expect(once.text.isWellFormed()).toBe(true);
        expect(text(once.text)).toEqual(once);
      }),
    );
  });
});
