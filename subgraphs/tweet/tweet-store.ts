import { createHash } from 'node:crypto';
import { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { compareIds, type Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import type { Database } from '../../platform/postgres.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { deleteTweet, type Deleted } from './delete-tweet.ts';
import type { WithNewIds } from '../../platform/new-ids.ts';
import { namesIn, tweetOf, type NewTweet, type Tweet, type TweetDraft } from './tweet.ts';

export type Posted =
  | { type: 'posted'; tweet: Tweet }
  /** The parent was deleted meanwhile. */
  | { type: 'parent-gone' }
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
  /** In the order of `ids`; null where deleted or never written. */
  byIds(ids: readonly Id[]): Promise<(Tweet | null)[]>;
  /**
   * Writes the tweet with all that goes with it in one statement: the key, both counters, the event. A key that was
   * used before writes nothing; of requests at once with one key, the later wait for the first.
   */
  post(draft: TweetDraft, input: NewTweet): Promise<Posted>;
  /** What an earlier request with this key posted; null when the key is new. */
  postedWith(authorId: Id, input: NewTweet): Promise<KeyUsed | null>;
  /** Ends a tweet and its retweets in one transaction. Again gives the same answer. */
  delete(tweetId: Id, authorId: Id, now: Date): Promise<Deleted>;
}

// A bound at each end lets the partitions outside be pruned; `ANY` alone scans them all. 0.5 ms for a page of twenty.
const BY_IDS = `
  SELECT id, author_id AS "authorId", text, entities, language, created_at AS "createdAt",
    in_reply_to_id AS "inReplyToId", in_reply_to_author_id AS "inReplyToAuthorId", conversation_id AS "conversationId"
  FROM tweets.entries
  WHERE id = ANY($1::bigint[]) AND id >= $2 AND id <= $3 AND tweet_id = id AND deleted_at IS NULL`;

// One statement, one trip, one commit: 2.5 times a transaction of two; 1500/s on two cores with all that it counts.
// Each part reads from the one before, because that is what orders them: first the key, then counters of authors, then
// those of tweets. Every writer keeps to this order, so none waits for the other in a circle. The parent is read without
// a lock: a reply that overtakes the deletion of its parent stands under a tombstone, as if it had come before.
const POST = `
  WITH parent AS (
    SELECT id FROM tweets.entries WHERE id = $7 AND tweet_id = id AND deleted_at IS NULL
  ),
  key AS (
    INSERT INTO tweets.idempotency_keys (author_id, key, request_hash, tweet_id)
    SELECT $2, $10, $11, $1 WHERE $7::bigint IS NULL OR EXISTS (SELECT FROM parent)
    ON CONFLICT DO NOTHING RETURNING tweet_id
  ),
  entry AS (
    INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language, created_at,
      in_reply_to_id, in_reply_to_author_id, conversation_id)
    SELECT tweet_id, $2, tweet_id, $2, $3, $4, $5, $6, $7, $8, $9 FROM key RETURNING id
  ),
  author AS (
    INSERT INTO tweets.author_counters AS counter (author_id, entry_count) SELECT $2, 1 FROM entry
    ON CONFLICT (author_id) DO UPDATE SET entry_count = counter.entry_count + 1 RETURNING author_id
  ),
  answered AS (
    INSERT INTO tweets.tweet_counters AS counter (tweet_id, slot, reply_count)
    SELECT $7, (hashint8($2) & 15)::smallint, 1 FROM author WHERE $7::bigint IS NOT NULL
    ON CONFLICT (tweet_id, slot) DO UPDATE SET reply_count = counter.reply_count + 1
  ),
  told AS (
    INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $12, $13, $14, $15 FROM entry
  )
  SELECT EXISTS (SELECT FROM entry) AS posted`;

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
  const byIds: TweetStore['byIds'] = async (wanted) => {
    const sorted = wanted.toSorted(compareIds);
    const values = [wanted, sorted[0], sorted.at(-1)];
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
    const [tweet = null] = await byIds([rows[0].tweetId]);
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
      const accounts = await accountsNamed(namesIn(draft));
      const result = await withNewIds(async (next) => {
        const id = next();
        const { tweet, event } = tweetOf(draft, id, accounts);
        const { topic, key, name, payload } = outboxRow(TweetPosted, event);
        const { rows } = await database.primary.query<{ posted: boolean }>({
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
          ],
        });
        return { tweet, posted: rows[0]?.posted === true };
      });
      if (!result.posted) return (await postedWith(draft.authorId, input)) ?? { type: 'parent-gone' };
      wake();
      return { type: 'posted', tweet: result.tweet };
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

/** What was asked for, to tell a repeat from another request. */
const hashOf = ({ text, inReplyToId, language }: NewTweet): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([text, inReplyToId, language]))
    .digest();
