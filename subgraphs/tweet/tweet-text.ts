import { weightedLength } from '../../platform/text/parse-entities.ts';
import { plainText } from '../../platform/text/plain-text.ts';
import type { StoredEntity } from '../../platform/text/stored-entities.ts';
import { invalid, type ValidationRefusal } from '../errors.ts';

export type ReadText = { type: 'text'; text: string } | { type: 'refused'; error: ValidationRefusal };

const MAX_LENGTH = 280;

/** The text of a tweet as it will be stored, by the rules of posting and editing alike. */
export function readText(input: string): ReadText {
  const plain = plainText(input);
  const refuse = (...[constraint, message, limit]: RefusalWords): ReadText => ({
    type: 'refused',
    error: invalid(['text'], constraint, message, limit),
  });
  if (plain.type === 'refused' && plain.constraint === 'MALFORMED') {
    return refuse('MALFORMED', 'This text has characters that cannot be shown.');
  }
  if (plain.type === 'refused' || weightedLength(plain.text) > MAX_LENGTH) {
    return refuse('TOO_LONG', `A tweet has at most ${MAX_LENGTH} characters.`, MAX_LENGTH);
  }
  return plain.text === '' ? refuse('REQUIRED', 'Write something first.') : plain;
}

type RefusalWords = [ValidationRefusal['constraint'], string, number?];

/** Hashtags that a text carries, each once. */
export const tagsIn = (entities: readonly StoredEntity[]): string[] => [
  ...new Set(entities.flatMap((entity) => (entity.type === 'hashtag' ? [entity.tag] : []))),
];
