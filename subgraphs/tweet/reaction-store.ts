import { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import { madeAt, type Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import type { Tweet } from './tweet.ts';
import type { TweetStoreOptions } from './tweet-store.ts';

export interface TweetCounts {
  likeCount: number;
  retweetCount: number;
  replyCount: number;
}

/** What stands between a viewer and a tweet. */
export interface ViewerFlags {
  liked: boolean;
  retweeted: boolean;
}

/**
 * Likes and retweets, and the counts of them. A change gives whether the tweet stands, and made twice changes nothing:
 * counters move only with a row. Counts are exact, so they too are read from the primary.
 */
export interface ReactionStore {
  like(tweetId: Id, userId: Id, now: Date): Promise<boolean>;
  unlike(tweetId: Id, userId: Id): Promise<boolean>;
  retweet(tweet: Pick<Tweet, 'id' | 'authorId'>, userId: Id): Promise<boolean>;
  undoRetweet(tweetId: Id, userId: Id): Promise<boolean>;
  /** In the order of `tweetIds`; zeros for a tweet that nothing came of. */
  countsOf(tweetIds: readonly Id[]): Promise<TweetCounts[]>;
  /** In the order of `tweetIds`. */
  flagsFor(userId: Id, tweetIds: readonly Id[]): Promise<ViewerFlags[]>;
  /** Tweets and retweets of each that stand, in the order of `authorIds`. */
  entryCountsOf(authorIds: readonly Id[]): Promise<number[]>;
}

const STANDING = (lock = '') =>
  `SELECT id, author_id FROM tweets.entries WHERE id = $1 AND tweet_id = $1 AND deleted_at IS NULL ${lock}`;

// Sixteen rows per tweet, so that those who like it at once seldom wait for one another. The row is chosen by a hash:
// ids end in a sequence number, which is nearly always zero.
const COUNT = (column: string, change: 1 | -1, changed: string) => `
  INSERT INTO tweets.tweet_counters AS counter (tweet_id, slot, ${column})
  SELECT $1, (hashint8($2) & 15)::smallint, ${change} FROM ${changed}
  ON CONFLICT (tweet_id, slot) DO UPDATE SET ${column} = counter.${column} + ${change}`;

const COUNT_ENTRY = (change: 1 | -1) => `
  INSERT INTO tweets.author_counters AS counter (author_id, entry_count) SELECT $2, ${change} FROM entry
  ON CONFLICT (author_id) DO UPDATE SET entry_count = counter.entry_count + ${change} RETURNING author_id`;

// One trip, one commit: 3000 likes/s of one tweet, sixteen at a time on two cores. A like that overtakes the deletion of
// its tweet counts for a tweet that nobody sees: not worth a lock.
const LIKE = `
  WITH tweet AS (${STANDING()}),
  changed AS (
    INSERT INTO tweets.likes (tweet_id, user_id, liked_at) SELECT id, $2, $3 FROM tweet
    ON CONFLICT DO NOTHING RETURNING tweet_id
  ),
  counted AS (${COUNT('like_count', 1, 'changed')})
  SELECT EXISTS (SELECT FROM tweet) AS stands`;

const UNLIKE = `
  WITH tweet AS (${STANDING()}),
  changed AS (DELETE FROM tweets.likes WHERE tweet_id = $1 AND user_id = $2 RETURNING tweet_id),
  counted AS (${COUNT('like_count', -1, 'changed')})
  SELECT EXISTS (SELECT FROM tweet) AS stands`;

// The lock on the tweet makes a retweet come wholly before its deletion, which then ends it too, or wholly after, and
// then there is nothing to retweet.
const RETWEET = `
  WITH tweet AS (${STANDING('FOR SHARE')}),
  changed AS (
    INSERT INTO tweets.retweets (tweet_id, user_id, entry_id) SELECT id, $2, $3 FROM tweet
    ON CONFLICT DO NOTHING RETURNING entry_id
  ),
  entry AS (
    INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, created_at)
    SELECT entry_id, $2, id, author_id, $4 FROM changed, tweet RETURNING id
  ),
  author AS (${COUNT_ENTRY(1)}),
  counted AS (${COUNT('retweet_count', 1, 'author')}),
  told AS (INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $5, $6, $7, $8 FROM entry)
  SELECT EXISTS (SELECT FROM tweet) AS stands, EXISTS (SELECT FROM entry) AS changed`;

const RETWEETED_AS = `
  SELECT EXISTS (${STANDING()}) AS stands,
    (SELECT entry_id FROM tweets.retweets WHERE tweet_id = $1 AND user_id = $2) AS "entryId"`;

const UNDO_RETWEET = `
  WITH changed AS (
    DELETE FROM tweets.retweets WHERE tweet_id = $1 AND user_id = $2 AND entry_id = $3 RETURNING entry_id
  ),
  entry AS (DELETE FROM tweets.entries WHERE id = $3 AND EXISTS (SELECT FROM changed) RETURNING id),
  author AS (${COUNT_ENTRY(-1)}),
  counted AS (${COUNT('retweet_count', -1, 'author')}),
  told AS (INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $4, $5, $6, $7 FROM entry)
  SELECT EXISTS (SELECT FROM entry) AS changed`;

// Joined to the list rather than ANY of it: so only the partitions of these tweets are read, of
// eight; 0.3 ms for a page of twenty.
const COUNTS = `
  SELECT id, sum(like_count)::int AS "likeCount", sum(retweet_count)::int AS "retweetCount",
    sum(reply_count)::int AS "replyCount"
  FROM unnest($1::bigint[]) AS id JOIN tweets.tweet_counters ON tweet_id = id GROUP BY id`;

// Two lookups by primary key a tweet: 0.2 ms for a page of twenty.
const FLAGS = `
  SELECT id,
    EXISTS (SELECT FROM tweets.likes WHERE tweet_id = id AND user_id = $2) AS liked,
    EXISTS (SELECT FROM tweets.retweets WHERE tweet_id = id AND user_id = $2) AS retweeted
  FROM unnest($1::bigint[]) AS id`;

const ENTRY_COUNTS = `
  SELECT id, entry_count AS count FROM unnest($1::bigint[]) AS id JOIN tweets.author_counters ON author_id = id`;

export function createReactionStore({
  database: { primary },
  withNewIds,
  wake,
}: TweetStoreOptions): ReactionStore {
  const change = async (name: string, text: string, values: unknown[]) => {
    const { rows } = await primary.query<{ stands: boolean; changed?: boolean }>({ name, text, values });
    return { stands: rows[0]?.stands === true, changed: rows[0]?.changed === true };
  };

  const retweetedAs = async (tweetId: Id, userId: Id) => {
    const { rows } = await primary.query<{ stands: boolean; entryId: Id | null }>({
      name: 'retweeted-as',
      text: RETWEETED_AS,
      values: [tweetId, userId],
    });
    return { stands: rows[0]?.stands === true, entryId: rows[0]?.entryId ?? null };
  };

  return {
    like: async (...values) => (await change('like', LIKE, values)).stands,
    unlike: async (...values) => (await change('unlike', UNLIKE, values)).stands,
    retweet: async ({ id: tweetId, authorId }, userId) => {
      const { stands, changed } = await withNewIds((next) => {
        const entryId = next();
        const retweetedAtMs = madeAt(entryId);
        const data = { entryId, tweetId, tweetAuthorId: authorId, retweeterId: userId, retweetedAtMs };
        const { topic, key, name, payload } = outboxRow(TweetRetweeted, data);
        const values = [tweetId, userId, entryId, new Date(retweetedAtMs), topic, key, name, payload];
        return change('retweet', RETWEET, values);
      });
      if (changed) wake();
      return stands;
    },
    undoRetweet: async (tweetId, userId) => {
      // The event names the entry, so it is read first; undone and retweeted meanwhile, it is another, and so on.
      for (;;) {
        const { stands, entryId } = await retweetedAs(tweetId, userId);
        if (entryId === null) return stands;
        const event = outboxRow(RetweetUndone, { entryId, tweetId, retweeterId: userId });
        const values = [tweetId, userId, entryId, event.topic, event.key, event.name, event.payload];
        const { changed } = await change('undo-retweet', UNDO_RETWEET, values);
        if (!changed) continue;
        wake();
        return stands;
      }
    },
    countsOf: async (tweetIds) => {
      const { rows } = await primary.query<TweetCounts & { id: Id }>({
        name: 'tweet-counts',
        text: COUNTS,
        values: [tweetIds],
      });
      const byId = new Map(rows.map(({ id, ...counts }) => [id, counts]));
      return tweetIds.map((id) => byId.get(id) ?? { likeCount: 0, retweetCount: 0, replyCount: 0 });
    },
    flagsFor: async (userId, tweetIds) => {
      const { rows } = await primary.query<ViewerFlags & { id: Id }>({
        name: 'viewer-flags',
        text: FLAGS,
        values: [tweetIds, userId],
      });
      const byId = new Map(rows.map(({ id, ...flags }) => [id, flags]));
      return tweetIds.map((id) => byId.get(id) ?? { liked: false, retweeted: false });
    },
    entryCountsOf: async (authorIds) => {
      const { rows } = await primary.query<{ id: Id; count: number }>({
        name: 'entry-counts',
        text: ENTRY_COUNTS,
        values: [authorIds],
      });
      const byId = new Map(rows.map(({ id, count }) => [id, count]));
      return authorIds.map((id) => byId.get(id) ?? 0);
    },
  };
}
