import { createHash } from 'node:crypto';
import { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { compareIds, type Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import type { Database } from '../../platform/postgres.ts';
import { namesIn } from '../../platform/text/stored-entities.ts';
import { inTransaction } from '../../platform/transaction.ts';
import type { WithNewIds } from '../../platform/new-ids.ts';
import { countAnswer, countEntry, countTags } from './counters.ts';
import { deleteTweet, type Deleted } from './delete-tweet.ts';
import { editTweet, type Edited } from './edit-tweet.ts';
import type { EditedWords } from './edit.ts';
import { tweetOf, type NewTweet, type Tweet, type TweetDraft } from './tweet.ts';
import { tagsIn } from './tweet-text.ts';
import { isSeen, mayReply, mayShare, permissionOf, type Permission } from './visibility.ts';

export type Posted =
  | { type: 'posted'; tweet: Tweet }
  /** Nothing was written: of the tweets that it answers and quotes, one is not to be had. */
  | { type: 'refused'; parent: Permission; quoted: Permission }
  | KeyUsed;

/** The key stands for a tweet: of the same request, or of another. Null when it was deleted since. */
export interface KeyUsed {
  type: 'key-used';
  sameRequest: boolean;
  tweet: Tweet | null;
}

/**
 * Tweets: the writing of them, and what decides whether one may be seen. So it reads the primary throughout: it was
 * somebody else who deleted a tweet, and a replica would go on showing it.
 */
export interface TweetStore {
  /** In the order of `ids`; null where deleted, never written, or not for this viewer, who is null when signed out. */
  byIds(ids: readonly Id[], viewerId: Id | null): Promise<(Tweet | null)[]>;
  /**
   * Writes the tweet with all that goes with it in one statement: the key, counters, hashtags, the event; and decides in
   * it whether it may. A key that was used before writes nothing; of requests at once with one key, the later wait for
   * the first.
   */
  post(draft: TweetDraft, input: NewTweet): Promise<Posted>;
  /** What an earlier request with this key posted; null when the key is new. */
  postedWith(authorId: Id, input: NewTweet): Promise<KeyUsed | null>;
  /** Changes the words of a tweet in one transaction, and keeps what it said before. The same words change nothing. */
  edit(tweetId: Id, authorId: Id, words: EditedWords, now: Date): Promise<Edited>;
  /** Ends a tweet and its retweets in one transaction. Again gives the same answer. */
  delete(tweetId: Id, authorId: Id, now: Date): Promise<Deleted>;
}

/** A row of entries as a `Tweet`. */
export const TWEET_COLUMNS = `id, author_id AS "authorId", text, entities, language, created_at AS "createdAt", edited_at AS "editedAt",
  in_reply_to_id AS "inReplyToId", in_reply_to_author_id AS "inReplyToAuthorId", conversation_id AS "conversationId",
  quoted_id AS "quotedId", quoted_author_id AS "quotedAuthorId", coalesce(reply_policy, 'EVERYONE') AS "replyPolicy"`;

// A bound at each end lets the partitions outside be pruned; `ANY` alone scans them all. A page of twenty by
// as many authors takes 0.5 ms, of which who may see them 0.2 ms.
const BY_IDS = `
  SELECT ${TWEET_COLUMNS}
  FROM tweets.entries AS tweet
  WHERE id = ANY($1::bigint[]) AND id >= $2 AND id <= $3 AND ${isSeen('$4::bigint', 'tweet')}`;

// One statement, one trip, one commit: 2.5 times a transaction of two. 700/s of tweets with a hashtag, on two busy cores
// where the bare rows of key, tweet, counter and event go in at 1400/s.
// Each part reads from the one before, because that is what orders them: first the key, then counters. What it answers
// and quotes is judged here, so that a block, a protection or a policy counts from its own commit on; it is read without
// a lock: a reply that overtakes the deletion of its parent stands under a tombstone, as if it had come before.
const POST = `
  WITH parent AS (
    SELECT ${mayReply('$2::bigint', 'tweet')} AS granted FROM tweets.entries AS tweet
    WHERE id = $7 AND ${isSeen('$2::bigint', 'tweet')}
  ),
  quoted AS (
    SELECT ${mayShare('tweet')} AS granted FROM tweets.entries AS tweet
    WHERE id = $16 AND ${isSeen('$2::bigint', 'tweet')}
  ),
  verdict AS (
    SELECT CASE WHEN $7::bigint IS NULL THEN true ELSE (SELECT granted FROM parent) END AS parent,
      CASE WHEN $16::bigint IS NULL THEN true ELSE (SELECT granted FROM quoted) END AS quoted
  ),
  key AS (
    INSERT INTO tweets.idempotency_keys (author_id, key, request_hash, tweet_id)
    SELECT $2, $10, $11, $1 FROM verdict WHERE parent AND quoted
    ON CONFLICT DO NOTHING RETURNING tweet_id
  ),
  entry AS (
    INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language, created_at,
      in_reply_to_id, in_reply_to_author_id, conversation_id, quoted_id, quoted_author_id, reply_policy)
    SELECT tweet_id, $2, tweet_id, $2, $3, $4, $5, $6, $7, $8, $9, $16, $17, $18 FROM key RETURNING id
  ),
  author AS (${countEntry(1, { author: '$2', from: 'entry' })}),
  tag AS (
    INSERT INTO tweets.hashtags (tag, tweet_id, author_id)
    SELECT tag, $1, author_id FROM unnest($19::text[]) AS tag, author RETURNING tag
  ),
  tagged AS (${countTags(1, { author: '$2', from: 'tag' })}),
  answered AS (${countAnswer(1, { parent: '$7', quoted: '$16', author: '$2', from: 'author' })}),
  told AS (
    INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $12, $13, $14, $15 FROM entry
  )
  SELECT EXISTS (SELECT FROM entry) AS posted, parent, quoted FROM verdict`;

const POSTED_WITH = `
  SELECT tweet_id AS "tweetId", request_hash = $3 AS "sameRequest"
  FROM tweets.idempotency_keys WHERE author_id = $1 AND key = $2`;

const ACCOUNTS_NAMED = `
  SELECT username, user_id AS "userId" FROM user_published.usernames WHERE username = ANY($1::text[])`;

export interface TweetStoreOptions {
  database: Database;
  withNewIds: WithNewIds;
  /** Called after a commit that left an event in the outbox. */
  wake(): void;
}

export function createTweetStore({ database, withNewIds, wake }: TweetStoreOptions): TweetStore {
  const byIds: TweetStore['byIds'] = async (wanted, viewerId) => {
    const sorted = wanted.toSorted(compareIds);
    const values = [wanted, sorted[0], sorted.at(-1), viewerId];
    const { rows } = await database.primary.query<Tweet>({ name: 'tweets-by-ids', text: BY_IDS, values });
    const found = new Map(rows.map((tweet) => [tweet.id, tweet]));
    return wanted.map((id) => found.get(id) ?? null);
  };

  const postedWith: TweetStore['postedWith'] = async (authorId, input) => {
    const { rows } = await database.primary.query<{ tweetId: Id; sameRequest: boolean }>({
      name: 'posted-with',
      text: POSTED_WITH,
      values: [authorId, input.idempotencyKey, hashOf(input)],
    });
    if (rows[0] === undefined) return null;
    const [tweet = null] = await byIds([rows[0].tweetId], authorId);
    return { type: 'key-used', sameRequest: rows[0].sameRequest, tweet };
  };

  const accountsNamed = async (names: string[]): Promise<Map<string, Id>> => {
    if (names.length === 0) return new Map();
    const { rows } = await database.primary.query<{ username: string; userId: Id }>({
      name: 'accounts-named',
      text: ACCOUNTS_NAMED,
      values: [names],
    });
    return new Map(rows.map(({ username, userId }) => [username, userId]));
  };

  return {
    byIds,
    postedWith,
    post: async (draft, input) => {
      const accounts = await accountsNamed(namesIn(draft.entities));
      const result = await withNewIds(async (next) => {
        const id = next();
        const { tweet, event } = tweetOf(draft, id, accounts);
        const { topic, key, name, payload } = outboxRow(TweetPosted, event);
        const { rows } = await database.primary.query<Verdict>({
          name: 'post-tweet',
          text: POST,
          values: [
            id,
            tweet.authorId,
            tweet.text,
            JSON.stringify(tweet.entities),
            tweet.language,
            tweet.createdAt,
            tweet.inReplyToId,
            tweet.inReplyToAuthorId,
            tweet.conversationId,
            input.idempotencyKey,
            hashOf(input),
            topic,
            key,
            name,
            payload,
            tweet.quotedId,
            tweet.quotedAuthorId,
            tweet.replyPolicy,
            tagsIn(tweet.entities),
          ],
        });
        return { tweet, verdict: rows[0] };
      });
      if (result.verdict?.posted === true) {
        wake();
        return { type: 'posted', tweet: result.tweet };
      }
      const { parent = null, quoted = null } = result.verdict ?? {};
      const refused = {
        type: 'refused',
        parent: permissionOf(parent),
        quoted: permissionOf(quoted),
      } as const;
      return (await postedWith(draft.authorId, input)) ?? refused;
    },
    edit: async (tweetId, authorId, words, now) => {
      const accounts = await accountsNamed(namesIn(words.entities));
      const outcome = await inTransaction(database.primary, (client) =>
        editTweet(client, { tweetId, authorId, words, accounts, now }),
      );
      if (outcome === 'edited') wake();
      return outcome;
    },
    delete: async (tweetId, authorId, now) => {
      const outcome = await inTransaction(database.primary, (client) =>
        deleteTweet(client, tweetId, authorId, now),
      );
      if (outcome.type === 'deleted') wake();
      return outcome;
    },
  };
}

/** Null where there is nothing to be seen. */
interface Verdict {
  posted: boolean;
  parent: boolean | null;
  quoted: boolean | null;
}

/** What was asked for, to tell a repeat from another request. */
const hashOf = ({ text, inReplyToId, quotedId, replyPolicy, language }: NewTweet): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([text, inReplyToId, quotedId, replyPolicy, language]))
    .digest();
