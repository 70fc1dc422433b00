import type { Id } from '../../platform/ids.ts';
import { weightedLength, type ParsedEntity } from '../../platform/text/parse-entities.ts';
import { plainText } from '../../platform/text/plain-text.ts';
import { invalid, type ValidationRefusal } from '../errors.ts';

/** As `ParsedEntity`, but a mention means an account, whatever it is called by now. */
export type TweetEntity =
  Exclude<ParsedEntity, { type: 'mention' }> | { type: 'mention'; start: number; end: number; userId: Id };

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

/** Lower-case names that a text mentions, each once. */
export const namesIn = (entities: readonly ParsedEntity[]): string[] => [
  ...new Set(entities.flatMap((entity) => (entity.type === 'mention' ? [entity.username] : []))),
];

/** Hashtags that a text carries, each once. */
export const tagsIn = (entities: readonly TweetEntity[]): string[] => [
  ...new Set(entities.flatMap((entity) => (entity.type === 'hashtag' ? [entity.tag] : []))),
];

/** @param accounts whose the mentioned names are, by lower-case name; a name that is nobody's is plain text. */
export const entitiesOf = (
  parsed: readonly ParsedEntity[],
  accounts: ReadonlyMap<string, Id>,
): TweetEntity[] =>
  parsed.flatMap((entity): TweetEntity[] => {
    if (entity.type !== 'mention') return [entity];
    const userId = accounts.get(entity.username);
    return userId === undefined ? [] : [{ type: 'mention', start: entity.start, end: entity.end, userId }];
  });
