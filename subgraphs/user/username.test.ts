import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Checked } from './checked.ts';
import { checkUsername, claimOf, isUsername, namesLike, RESERVED } from './username.ts';

const constraintOf = (checked: Checked<unknown>) => ('error' in checked ? checked.error.constraint : 'none');
const username = fc.stringMatching(/^[A-Za-z0-9_]{1,15}$/);

describe('a username', () => {
  it.each([
    ['ada', 'none'],
    ['  Ada_99 ', 'none'],
    ['a', 'none'],
    ['a23456789012345', 'none'],
    ['', 'REQUIRED'],
    ['   ', 'REQUIRED'],
    ['a234567890123456', 'TOO_LONG'],
    ['@ada', 'none'],
    [' @ ada', 'none'],
    ['@', 'REQUIRED'],
    ['@@ada', 'MALFORMED'],
    ['a-b', 'MALFORMED'],
    ['ada lovelace', 'MALFORMED'],
    ['adá', 'MALFORMED'],
    ['аdа', 'MALFORMED'], // Cyrillic
    ['ada\0', 'MALFORMED'],
    ['\ud800', 'MALFORMED'],
    ['Admin', 'RESERVED'],
    ['roost', 'RESERVED'],
  ])('%j: %s', (input, constraint) => {
    expect(constraintOf(checkUsername(input))).toBe(constraint);
  });

  it('is found however it is written', () => {
    fc.assert(
      fc.property(username, (name) => {
        const claim = claimOf(name);
        expect(claimOf(`@${name.toUpperCase()}`)).toBe(claim);
        expect(claimOf(` ${name.toLowerCase()} `)).toBe(claim);
        expect(isUsername(claim ?? '')).toBe(true);
      }),
    );
  });

  it('is never made of what is no name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const claim = claimOf(text);
        expect(claim === null || /^[a-z0-9_]{1,15}$/.test(claim)).toBe(true);
        const checked = checkUsername(text);
        if ('value' in checked) expect(checked.value).toMatch(/^[A-Za-z0-9_]{1,15}$/);
      }),
    );
  });

  it('has neighbours that are names, and not itself', () => {
    fc.assert(
      fc.property(fc.oneof(username, fc.stringMatching(/^[ab]{12,13}_[_12xX]?$/)), (name) => {
        const names = namesLike(name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.map(claimOf)).not.toContain(claimOf(name));
        expect(names.every(isUsername)).toBe(true);
      }),
    );
  });

  it('has neighbours that are names whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(namesLike(text).every(isUsername)).toBe(true);
      }),
    );
    expect(namesLike('Zoë Müller')).toContain('Zoe_Muller_');
    expect(namesLike('族')).toEqual([]);
  });

  it('is kept for the service only where it could be one', () => {
    for (const name of RESERVED) expect(claimOf(name)).toBe(name);
    expect(RESERVED).toEqual([...new Set(RESERVED)].toSorted());
  });
});
