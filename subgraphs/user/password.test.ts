import { describe, expect, it } from '@jest/globals';
import { createPasswordHasher } from './password-hasher.ts';
import { checkPassword, passwordText } from './password.ts';

const constraintOf = (password: string, known: string[] = []) => {
  const checked = checkPassword(password, known);
  return 'error' in checked ? checked.error.constraint : 'none';
};

describe('a password', () => {
  it.each([
    ['tern-7-sails', 'none'],
    ['ünïcödé!', 'none'],
    ['🐦🐦🐦🐦🐦🐦🐦🐦', 'none'],
    [' 1 2 3 4\t', 'none'],
    ['x'.repeat(256), 'none'],
    ['', 'REQUIRED'],
    ['1234567', 'TOO_SHORT'],
    ['🐦🐦🐦🐦', 'TOO_SHORT'],
    ['x'.repeat(257), 'TOO_LONG'],
    ['x'.repeat(2000), 'TOO_LONG'],
    ['Password123', 'TOO_COMMON'],
    ['qwertyuiop', 'TOO_COMMON'],
    ['long enough \ud800', 'MALFORMED'],
  ])('%j: %s', (password, constraint) => {
    expect(constraintOf(password)).toBe(constraint);
  });

  it('is not what everybody knows of the account', () => {
    expect(constraintOf('Ada@Example.org', ['ada_lovelace', 'ada@example.org'])).toBe('TOO_COMMON');
    expect(constraintOf('ADA_lovelace', ['ada_lovelace', 'ada@example.org'])).toBe('TOO_COMMON');
  });

  it('is the same however a keyboard composes it', () => {
    expect(passwordText('cafe\u0301 au lait')).toBe(passwordText('caf\u00e9 au lait'));
  });
});

describe('the hasher', () => {
  it('makes argon2id hashes with 19 MiB and two passes, which only their password fits', async () => {
    const passwords = createPasswordHasher();
    const hash = await passwords.hash('tern-7-sails');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hash, 'tern-7-sails')).toBe(true);
    expect(await passwords.verify(hash, 'tern-8-sails')).toBe(false);
    expect(await passwords.verify(null, 'tern-7-sails')).toBe(false);
  });

  it('refuses at once what would wait too long, and works on afterwards', async () => {
    const passwords = createPasswordHasher({ concurrent: 1, waiting: 1 });
    const all = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => passwords.hash(text)));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(all[2]).toMatchObject({ reason: { extensions: { code: 'UNAVAILABLE' } } });
    expect(await passwords.hash('e')).toContain('$argon2id$');
  });
});
