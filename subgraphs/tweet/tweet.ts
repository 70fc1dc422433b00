import type { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { madeAt, type Id } from '../../platform/ids.ts';
import { parseEntities, weightedLength, type ParsedEntity } from '../../platform/text/parse-entities.ts';
import { plainText } from '../../platform/text/plain-text.ts';
import { forbidden, invalid, notFound, type NotFoundRefusal, type ValidationRefusal } from '../errors.ts';
import { guessLanguage } from './language.ts';

/** A tweet that stands. */
export interface Tweet {
  id: Id;
  authorId: Id;
  text: string;
  entities: TweetEntity[];
  /** A tag of BCP 47; `und` when unknown. */
  language: string;
  createdAt: Date;
  /** Null when it is not a reply, as is its author. The parent may be gone since. */
  inReplyToId: Id | null;
  inReplyToAuthorId: Id | null;
  /** The tweet that the thread began with; its own id when it began one. */
  conversationId: Id;
}

/** As `ParsedEntity`, but a mention means an account, whatever it is called by now. */
export type TweetEntity =
  Exclude<ParsedEntity, { type: 'mention' }> | { type: 'mention'; start: number; end: number; userId: Id };

/** What somebody wants to post, as it came. */
export interface NewTweet {
  text: string;
  inReplyToId: Id | null;
  language: string | null;
  idempotencyKey: string;
}

/** A tweet all but for what only the database knows: its id, and whom its mentions mean. */
export type TweetDraft = Omit<Tweet, 'id' | 'createdAt' | 'conversationId' | 'entities'> & {
  entities: ParsedEntity[];
  /** Null when it begins a thread of its own. */
  conversationId: Id | null;
};

export type Composed =
  | { type: 'composed'; draft: TweetDraft }
  | { type: 'refused'; errors: (ValidationRefusal | NotFoundRefusal)[] };

const MAX_LENGTH = 280;
const MAX_KEY_LENGTH = 64;
/** As long as the tags get that BCP 47 guarantees room for. */
const MAX_LANGUAGE_LENGTH = 35;

/**
 * Checks what somebody wants to post and makes of it what will be stored. All that is wrong is told at once.
 *
 * @param parent the tweet that `input.inReplyToId` names; null when it does not stand.
 */
export function composeTweet(input: NewTweet, authorId: Id, parent: Tweet | null): Composed {
  const read = readText(input.text);
  const errors = [
    ...(read.type === 'refused' ? [read.error] : []),
    ...refuseKey(input.idempotencyKey),
    ...refuseLanguage(input.language),
    ...(input.inReplyToId !== null && parent === null ? [noSuchTweet('inReplyToTweetId')] : []),
  ];
  if (read.type === 'refused' || errors.length > 0) return { type: 'refused', errors };

  const entities = parseEntities(read.text);
  return {
    type: 'composed',
    draft: {
      authorId,
      text: read.text,
      entities,
      language: input.language ?? guessLanguage(read.text, entities),
      inReplyToId: parent?.id ?? null,
      inReplyToAuthorId: parent?.authorId ?? null,
      conversationId: parent?.conversationId ?? null,
    },
  };
}

/**
 * The draft as a tweet, and the fact to be told with it.
 *
 * @param accounts whose the names are that the draft mentions, by lower-case name; a name that is nobody's is plain text.
 */
export function tweetOf(
  draft: TweetDraft,
  id: Id,
  accounts: ReadonlyMap<string, Id>,
): { tweet: Tweet; event: TweetPosted } {
  const createdAtMs = madeAt(id);
  const entities = draft.entities.flatMap((entity): TweetEntity[] => {
    if (entity.type !== 'mention') return [entity];
    const userId = accounts.get(entity.username);
    return userId === undefined ? [] : [{ type: 'mention', start: entity.start, end: entity.end, userId }];
  });
  const { authorId, inReplyToId, inReplyToAuthorId } = draft;
  return {
    tweet: {
      ...draft,
      id,
      entities,
      createdAt: new Date(createdAtMs),
      conversationId: draft.conversationId ?? id,
    },
    event: {
      tweetId: id,
      authorId,
      inReplyToId,
      inReplyToAuthorId,
      postedAtMs: createdAtMs,
      conversationId: draft.conversationId ?? id,
      quotedId: null,
      quotedAuthorId: null,
    },
  };
}

/** Lower-case names that a draft mentions, each once. */
export const namesIn = (draft: TweetDraft): string[] => [
  ...new Set(draft.entities.flatMap((entity) => (entity.type === 'mention' ? [entity.username] : []))),
];

/** The same for a tweet that never was, that is deleted, and that may not be seen. */
export const noSuchTweet = (field: string): NotFoundRefusal =>
  notFound([field], 'This tweet does not exist, or no longer.');

export const notYourTweet = () => forbidden(['tweetId'], 'You can delete only tweets of your own.');

/** The same request again, but what it posted is gone since. */
export const deletedSince = (): NotFoundRefusal =>
  notFound(['idempotencyKey'], 'This was posted before, and deleted since.');

export interface KeyConflict {
  __typename: 'IdempotencyConflictError';
  code: 'CONFLICT';
  message: string;
  field: string[];
  /** The tweet that the key stands for; null when it is gone since. */
  tweet: Tweet | null;
}

export const keyConflict = (tweet: Tweet | null): KeyConflict => ({
  __typename: 'IdempotencyConflictError',
  code: 'CONFLICT',
  message: 'This key was used before, for another tweet. Make a new one.',
  field: ['idempotencyKey'],
  tweet,
});

type ReadText = { type: 'text'; text: string } | { type: 'refused'; error: ValidationRefusal };

function readText(input: string): ReadText {
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

function refuseKey(key: string): ValidationRefusal[] {
  const field = ['idempotencyKey'];
  if (key === '') return [invalid(field, 'REQUIRED', 'Make a key for each tweet.')];
  if (Array.from(key).length > MAX_KEY_LENGTH) {
    return [invalid(field, 'TOO_LONG', `A key has at most ${MAX_KEY_LENGTH} characters.`, MAX_KEY_LENGTH)];
  }
  return key.isWellFormed() && !key.includes('\0')
    ? []
    : [invalid(field, 'MALFORMED', 'This key has characters that cannot be stored.')];
}

function refuseLanguage(language: string | null): ValidationRefusal[] {
  return language === null || language.length <= MAX_LANGUAGE_LENGTH
    ? []
    : [
        invalid(
          ['language'],
          'TOO_LONG',
          `A language tag has at most ${MAX_LANGUAGE_LENGTH} characters.`,
          MAX_LANGUAGE_LENGTH,
        ),
      ];
}
