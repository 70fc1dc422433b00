import type { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { madeAt, type Id } from '../../platform/ids.ts';
import { parseEntities, type ParsedEntity } from '../../platform/text/parse-entities.ts';
import { storedEntities, type StoredEntity } from '../../platform/text/stored-entities.ts';
import { forbidden, invalid, notFound, type NotFoundRefusal, type ValidationRefusal } from '../errors.ts';
import { guessLanguage } from './language.ts';
import { readText } from './tweet-text.ts';

/** A tweet that stands. */
export interface Tweet {
  id: Id;
  authorId: Id;
  text: string;
  entities: StoredEntity[];
  /** A tag of BCP 47; `und` when unknown. */
  language: string;
  createdAt: Date;
  /** When its words were last changed; null if never. */
  editedAt: Date | null;
  /** Null when it is not a reply, as is its author. The parent may be gone since. */
  inReplyToId: Id | null;
  inReplyToAuthorId: Id | null;
  /** The tweet that the thread began with; its own id when it began one. */
  conversationId: Id;
  /** Null when it is not a quote, as is its author. What it quotes may be gone since. */
  quotedId: Id | null;
  quotedAuthorId: Id | null;
  replyPolicy: ReplyPolicy;
}

/** Who may reply, besides its author and whom it mentions: whoever sees it, those its author follows, nobody. */
export type ReplyPolicy = 'EVERYONE' | 'FOLLOWING' | 'MENTIONED';

/** What somebody wants to post, as it came. */
export interface NewTweet {
  text: string;
  inReplyToId: Id | null;
  quotedId: Id | null;
  replyPolicy: ReplyPolicy;
  language: string | null;
  idempotencyKey: string;
}

/** A tweet all but for what only the database knows: its id, and whom its mentions mean. */
export type TweetDraft = Omit<Tweet, 'id' | 'createdAt' | 'editedAt' | 'conversationId' | 'entities'> & {
  entities: ParsedEntity[];
  /** Null when it begins a thread of its own. */
  conversationId: Id | null;
};

export type Composed =
  | { type: 'composed'; draft: TweetDraft }
  | { type: 'refused'; errors: (ValidationRefusal | NotFoundRefusal)[] };

const MAX_KEY_LENGTH = 64;
/** As long as the tags get that BCP 47 guarantees room for. */
const MAX_LANGUAGE_LENGTH = 35;

/**
 * Checks what somebody wants to post and makes of it what will be stored. All that is wrong is told at once.
 *
 * @param parent the tweet that `input.inReplyToId` names; null when the author can't see it.
 * @param quoted the same of `input.quotedId`.
 */
export function composeTweet(
  input: NewTweet,
  authorId: Id,
  { parent, quoted }: { parent: Tweet | null; quoted: Tweet | null },
): Composed {
  const read = readText(input.text);
  const errors = [
    ...(read.type === 'refused' ? [read.error] : []),
    ...refuseKey(input.idempotencyKey),
    ...refuseLanguage(input.language),
    ...(input.inReplyToId !== null && parent === null ? [noSuchTweet('inReplyToTweetId')] : []),
    ...(input.quotedId !== null && quoted === null ? [noSuchTweet('quotedTweetId')] : []),
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
      quotedId: quoted?.id ?? null,
      quotedAuthorId: quoted?.authorId ?? null,
      replyPolicy: input.replyPolicy,
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
  const entities = storedEntities(draft.entities, accounts);
  const { authorId, inReplyToId, inReplyToAuthorId, quotedId, quotedAuthorId } = draft;
  const conversationId = draft.conversationId ?? id;
  return {
    tweet: {
      ...draft,
      id,
      entities,
      createdAt: new Date(createdAtMs),
      editedAt: null,
      conversationId,
    },
    event: {
      tweetId: id,
      authorId,
      inReplyToId,
      inReplyToAuthorId,
      postedAtMs: createdAtMs,
      conversationId,
      quotedId,
      quotedAuthorId,
    },
  };
}

/** The same for a tweet that never was, that is deleted, and that may not be seen. */
export const noSuchTweet = (field: string): NotFoundRefusal =>
  notFound([field], 'This tweet does not exist, or no longer.');

/** @param what such as `delete`. */
export const notYourTweet = (what: string) =>
  forbidden(['tweetId'], `You can ${what} only tweets of your own.`);

/** By the policy of the tweet answered. */
export const mayNotReply = () =>
  forbidden(['inReplyToTweetId'], 'Its author chose who may reply, and you are not among them.');

export const mayNotShare = (field: string) =>
  forbidden([field], 'Tweets of protected accounts can be neither retweeted nor quoted.');

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
