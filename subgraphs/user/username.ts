import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf, tooLong, type Checked } from './checked.ts';

const USERNAME_LIMIT = 15;

/** A name given up is kept for so long: it leads to its account, and nobody else can have it. */
export const HELD_DAYS = 30;

/** Names that would pass for the service itself, and those that its pages use: lower case, one a line. */
export const RESERVED: readonly string[] = readFileSync(
  join(import.meta.dirname, 'reserved-usernames.txt'),
  'utf8',
)
  .trimEnd()
  .split('\n');

const isReserved = new Set(RESERVED);

/** Why a name that is one cannot be had, in the words of the schema. */
export type NameFault = 'TAKEN' | 'RESERVED' | 'CONFUSABLE';

const FAULTS: Record<NameFault, string> = {
  TAKEN: 'Somebody else has this username.',
  RESERVED: 'This username is kept for the service.',
  CONFUSABLE: 'This username looks too much like another one.',
};

export const refuseUsername = (fault: NameFault) => refusalOf('username')(fault, FAULTS[fault]);

export function checkUsername(input: string): Checked<string> {
  const username = writtenName(input);
  const refuse = refusalOf('username');
  if (username === '') return refuse('REQUIRED', 'Choose a username.');
  if (username.length > USERNAME_LIMIT) return tooLong('username', 'A username', USERNAME_LIMIT);
  if (!isUsername(username))
    return refuse('MALFORMED', 'A username has letters, digits and underscores only.');
  if (isReserved.has(username.toLowerCase())) return refuseUsername('RESERVED');
  return { value: username };
}

/** Letters and digits of ASCII: names in other scripts look alike, and `displayName` is there for them. */
export const isUsername = (text: string): boolean => /^\w{1,15}$/.test(text);

/** A name however it is written: without `@` and surrounding space. */
export const writtenName = (text: string): string => text.trim().replace(/^@/, '').trimStart();

/** How somebody else's name may be written, `@` and case included, as the claim that it would be. Null for what cannot be one. */
export function claimOf(written: string): string | null {
  const username = writtenName(written);
  return isUsername(username) ? username.toLowerCase() : null;
}

/** Up to eight other names like one that cannot be had, best first, whatever was typed. Whether they are free is not known here. */
export function namesLike(typed: string): string[] {
  const username = typed
    .slice(0, 100)
    .normalize('NFKD')
    .replace(/[\s.-]+/g, '_')
    .replace(/\W/g, '')
    .slice(0, USERNAME_LIMIT);
  if (username === '') return [];
  const fit = (suffix: string) => username.slice(0, USERNAME_LIMIT - suffix.length) + suffix;
  const names = new Set(['_', '1', '2', '_1', '7', '42', '99', '_x'].map(fit));
  return [...names].filter((name) => name.toLowerCase() !== username.toLowerCase());
}
