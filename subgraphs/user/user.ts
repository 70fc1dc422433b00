import type { Id } from '../../platform/ids.ts';
import { parseEntities, type ParsedEntity } from '../../platform/text/parse-entities.ts';
import { plainText } from '../../platform/text/plain-text.ts';
import type { StoredEntity } from '../../platform/text/stored-entities.ts';
import type { ValidationRefusal } from '../errors.ts';
import { readUrl } from '../scalars.ts';
import { refusalOf, tooLong, type Checked } from './checked.ts';

/** An account as others see it. */
export interface User {
  id: Id;
  /** As its owner spells it. */
  username: string;
  displayName: string;
  bio: string;
  bioEntities: StoredEntity[];
  location: string | null;
  website: string | null;
  isProtected: boolean;
  joinedAt: Date;
}

/** Limits count code points after NFC: what Postgres counts too, and the same on every version of Unicode. */
const DISPLAY_NAME_LIMIT = 50;
const BIO_LIMIT = 160;
const LOCATION_LIMIT = 30;
const DEVICE_NAME_LIMIT = 50;
/** The longest that SMTP can carry. */
const EMAIL_LIMIT = 254;

export function checkDisplayName(input: string): Checked<string> {
  const checked = checkLine('displayName', 'A name', input, DISPLAY_NAME_LIMIT);
  return 'value' in checked && checked.value === ''
    ? refusalOf('displayName')('REQUIRED', 'A name needs something that can be seen.')
    : checked;
}

/** Only that it can be an address. Whether it is one, a mail tells. */
export function checkEmail(input: string): Checked<string> {
  const checked = checkLine('email', 'An email address', input, EMAIL_LIMIT);
  if ('error' in checked) return checked;
  if (checked.value === '') return refusalOf('email')('REQUIRED', 'Enter an email address.');
  return /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/u.test(checked.value)
    ? checked
    : refusalOf('email')('MALFORMED', 'This is not an email address.');
}

/** Null when there is nothing to call it by. */
export function checkDeviceName(input: string | null | undefined): Checked<string | null> {
  const checked = checkLine('deviceName', 'The name of a device', input ?? '', DEVICE_NAME_LIMIT);
  return 'error' in checked ? checked : { value: checked.value === '' ? null : checked.value };
}

export interface ProfileInput {
  displayName?: string | null;
  bio?: string | null;
  location?: string | null;
  website?: string | null;
}

/** What is to be changed; a field that is absent stays. */
export interface ProfileChanges {
  displayName?: string;
  bio?: { text: string; entities: ParsedEntity[] };
  location?: string | null;
  website?: string | null;
}

/** @param username stands in for a display name that is cleared. */
export function composeProfile(
  input: ProfileInput,
  username: string,
): { type: 'refused'; errors: ValidationRefusal[] } | { type: 'profile'; changes: ProfileChanges } {
  const errors: ValidationRefusal[] = [];
  const keep = <T>(checked: Checked<T>, set: (value: T) => void) => {
    if ('error' in checked) errors.push(checked.error);
    else set(checked.value);
  };
  const changes: ProfileChanges = {};
  if (input.displayName !== undefined) {
    keep(checkDisplayName(input.displayName ?? username), (name) => (changes.displayName = name));
  }
  if (input.bio !== undefined) {
    const bio = checkText('bio', 'A bio', input.bio ?? '', BIO_LIMIT);
    keep(bio, (text) => (changes.bio = { text, entities: parseEntities(text) }));
  }
  if (input.location !== undefined) {
    const location = checkLine('location', 'A location', input.location ?? '', LOCATION_LIMIT);
    keep(location, (text) => (changes.location = text === '' ? null : text));
  }
  if (input.website !== undefined) keep(checkWebsite(input.website), (url) => (changes.website = url));
  return errors.length > 0 ? { type: 'refused', errors } : { type: 'profile', changes };
}

function checkWebsite(input: string | null): Checked<string | null> {
  const typed = input?.trim() ?? '';
  if (typed === '') return { value: null };
  const url = readUrl(typed);
  return url === null
    ? refusalOf('website')('MALFORMED', 'A website is an address that begins with https:// or http://.')
    : { value: url };
}

function checkText(field: string, noun: string, input: string, limit: number): Checked<string> {
  const plain = plainText(input);
  if (plain.type === 'refused') {
    return plain.constraint === 'TOO_LONG'
      ? tooLong(field, noun, limit)
      : refusalOf(field)('MALFORMED', `${noun} has characters that can't be stored.`);
  }
  return Array.from(plain.text).length > limit ? tooLong(field, noun, limit) : { value: plain.text };
}

/**
 * They would turn around what stands behind a name: whose it is, and when. Left out, as they come unseen with what is
 * pasted; scripts that run from right to left need none.
 */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;

function checkLine(field: string, noun: string, input: string, limit: number): Checked<string> {
  const checked = checkText(field, noun, input.replaceAll(TURNING, ''), limit);
  return 'value' in checked && /[\n\u2028\u2029]/.test(checked.value)
    ? refusalOf(field)('MALFORMED', `${noun} is one line.`)
    : checked;
}
