import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Checked } from './checked.ts';
import { checkDeviceName, checkDisplayName, checkEmail, composeProfile } from './user.ts';

const constraintOf = (checked: Checked<unknown>) => ('error' in checked ? checked.error.constraint : 'none');

describe('a display name', () => {
  it.each([
    ['Ada', 'none'],
    ['👩‍👩‍👧 族 العربية', 'none'],
    ['x'.repeat(50), 'none'],
    ['𝒜'.repeat(50), 'none'],
    ['x'.repeat(51), 'TOO_LONG'],
    ['x'.repeat(3000), 'TOO_LONG'],
    ['', 'REQUIRED'],
    [' \u200b\u200d ', 'REQUIRED'],
    ['a\nb', 'MALFORMED'],
    ['a\u2028b', 'MALFORMED'],
    ['a\0', 'MALFORMED'],
    ['\udc00', 'MALFORMED'],
  ])('%j: %s', (input, constraint) => {
    expect(constraintOf(checkDisplayName(input))).toBe(constraint);
  });

  it('is composed, so that what looks the same is the same', () => {
    expect(checkDisplayName(' Zoe\u0301 ')).toEqual({ value: 'Zo\u00e9' });
  });

  it('fits the column whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const checked = checkDisplayName(text);
        if (!('value' in checked)) return;
        expect(Array.from(checked.value).length).toBeLessThanOrEqual(50);
        expect(checked.value.isWellFormed() && !checked.value.includes('\0')).toBe(true);
      }),
    );
  });
});

describe('an email address', () => {
  it.each([
    ['ada@example.org', 'none'],
    ['a.b+c@sub.example.org', 'none'],
    ['ada@bücher.example', 'none'],
    ['', 'REQUIRED'],
    ['ada', 'MALFORMED'],
    ['ada@localhost', 'MALFORMED'],
    ['ada@example..org', 'MALFORMED'],
    ['a b@example.org', 'MALFORMED'],
    ['a@b@example.org', 'MALFORMED'],
    ['ada@example.org\0', 'MALFORMED'],
    [`${'a'.repeat(65)}@example.org`, 'MALFORMED'],
    [`ada@${'a'.repeat(250)}.org`, 'TOO_LONG'],
  ])('%j: %s', (input, constraint) => {
    expect(constraintOf(checkEmail(input))).toBe(constraint);
  });
});

describe('the name of a device', () => {
  it('may be left out, and is then nothing', () => {
    expect(checkDeviceName(undefined)).toEqual({ value: null });
    expect(checkDeviceName('  ')).toEqual({ value: null });
    expect(constraintOf(checkDeviceName('x'.repeat(51)))).toBe('TOO_LONG');
  });
});

describe('a profile', () => {
  it('changes only what is given', () => {
    expect(composeProfile({}, 'ada')).toEqual({ type: 'profile', changes: {} });
    expect(composeProfile({ location: ' Turin ' }, 'ada')).toEqual({
      type: 'profile',
      changes: { location: 'Turin' },
    });
  });

  it('is cleared by null: the name goes back to the username', () => {
    expect(composeProfile({ displayName: null, bio: null, location: null, website: null }, 'ada')).toEqual({
      type: 'profile',
      changes: { displayName: 'ada', bio: { text: '', entities: [] }, location: null, website: null },
    });
  });

  it('is refused with all its faults at once', () => {
    const faulty = { displayName: ' ', bio: 'x'.repeat(161), location: 'a\nb', website: 'example.org' };
    const draft = composeProfile(faulty, 'ada');
    expect(draft.type === 'refused' && draft.errors.map((error) => [error.field, error.constraint])).toEqual([
      [['displayName'], 'REQUIRED'],
      [['bio'], 'TOO_LONG'],
      [['location'], 'MALFORMED'],
      [['website'], 'MALFORMED'],
    ]);
  });

  it.each(['\u202eada', 'ada\u2067', ' \u202aada\u202c '])(
    'has no name that turns text around: %j',
    (name) => {
      expect(composeProfile({ displayName: name, location: name }, 'ada')).toEqual({
        type: 'profile',
        changes: { displayName: 'ada', location: 'ada' },
      });
      expect(composeProfile({ displayName: '\u202e' }, 'ada').type).toBe('refused');
    },
  );

  it('may have a bio of several lines', () => {
    const draft = composeProfile({ bio: 'One\r\nTwo' }, 'ada');
    expect(draft.type === 'profile' && draft.changes.bio?.text).toBe('One\nTwo');
  });
});
