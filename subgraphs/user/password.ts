import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf, type Checked } from './checked.ts';

/** Counted in code points, after NFC. */
const SHORTEST = 8;
const LONGEST = 256;

/** Lower case, one a line, none shorter than what is refused anyway. */
const COMMON = new Set(
  readFileSync(join(import.meta.dirname, 'common-passwords.txt'), 'utf8')
    .trimEnd()
    .split('\n'),
);

/**
 * A new password, as it will be hashed. Any character counts, control characters too; half of a surrogate pair is none,
 * and would be hashed as if it were another.
 *
 * @param known what anybody knows of the account: its name and address are guessed before any list.
 * @param field of the input.
 */
export function checkPassword(input: string, known: readonly string[], field = 'password'): Checked<string> {
  const refuse = refusalOf(field);
  const password = passwordText(input);
  if (password === null) {
    return input.isWellFormed()
      ? refuse('TOO_LONG', `A password has at most ${LONGEST} characters.`, LONGEST)
      : refuse('MALFORMED', "This password has characters that can't be stored.");
  }
  if (input === '') return refuse('REQUIRED', 'Choose a password.');
  if (Array.from(password).length < SHORTEST) {
    return refuse('TOO_SHORT', `A password has at least ${SHORTEST} characters.`, SHORTEST);
  }
  const guessed = password.toLowerCase();
  if (COMMON.has(guessed) || known.some((text) => text.toLowerCase() === guessed)) {
    return refuse('TOO_COMMON', 'This password is one of the first that others would try.');
  }
  return { value: password };
}

/** What anybody knows of an account: its name, its address, and what of that stands before the `@`. */
export const knownOf = (username: string, email: string): string[] => [
  username,
  email,
  ...email.split('@', 1),
];

/** What is hashed: NFC, since keyboards differ in how they compose an é. Null for what no account can have. */
export function passwordText(input: string): string | null {
  // Composing at most thirds the units of a text; whatever is longer need not be composed to be refused.
  if (!input.isWellFormed() || input.length > LONGEST * 6) return null;
  const password = input.normalize('NFC');
  return Array.from(password).length > LONGEST ? null : password;
}
