import type { Id } from '../../platform/ids.ts';
import { parseEntities, type ParsedEntity } from '../../platform/text/parse-entities.ts';
import { forbidden, type ForbiddenRefusal, type ValidationRefusal } from '../errors.ts';
import { guessLanguage } from './language.ts';
import type { Tweet } from './tweet.ts';
import { readText } from './tweet-text.ts';

/** The words of a tweet between two edits. */
export interface Revision {
  text: string;
  entities: Tweet['entities'];
  /** Since when it said so. */
  createdAt: Date;
}

/** What a tweet shall say; whom its mentions mean only the database knows. */
export interface EditedWords {
  text: string;
  entities: ParsedEntity[];
}

/** As the schema promises. Enough to put a slip right, too short to make another tweet of what people liked. */
const EDITABLE_MS = 30 * 60 * 1000;
const MAX_EDITS = 5;

export const readEdit = (
  input: string,
): { type: 'read'; words: EditedWords } | { type: 'refused'; error: ValidationRefusal } => {
  const read = readText(input);
  return read.type === 'refused'
    ? read
    : { type: 'read', words: { text: read.text, entities: parseEntities(read.text) } };
};

/** @param edits how often its words were changed. */
export const mayEdit = (
  tweet: Pick<Tweet, 'authorId' | 'createdAt'>,
  editorId: Id | undefined,
  edits: number,
  now: Date,
): boolean =>
  tweet.authorId === editorId && edits < MAX_EDITS && now.getTime() - tweet.createdAt.getTime() < EDITABLE_MS;

export const tooLateToEdit = (): ForbiddenRefusal =>
  forbidden(['tweetId'], 'A tweet can be edited five times within 30 minutes of posting it.');

/** The language of the new words. One that the author gave stays: it is not what would have been guessed. */
export const languageAfter = (before: Pick<Tweet, 'text' | 'language'>, after: EditedWords): string =>
  guessLanguage(before.text, parseEntities(before.text)) === before.language
    ? guessLanguage(after.text, after.entities)
    : before.language;
