import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import { followedAt, mutes, nameOf } from './rules.ts';

/** Receipts as Postgres has them, once they are settled. */
export interface ReceiptStore {
  /** Writes what is settled, without what was before: the first that is written stands. */
  insert(rows: readonly SettledReceipt[]): Promise<void>;
  /** In the order of `tweetIds`; null for any that the author did not write, or that does not stand. */
  byAuthor(authorId: Id, tweetIds: readonly Id[]): Promise<(OwnTweet | null)[]>;
  /** Whom each would be meant for if it were posted now: those who follow since before it was. In the order of `tweetIds`. */
  audiencesNow(tweetIds: readonly Id[]): Promise<number[]>;
}

export interface SettledReceipt extends SettledCounts {
  tweetId: Id;
}

export interface SettledCounts {
  audienceCount: number;
  reachedCount: number;
  reachedLiveCount: number;
  awayCount: number;
  p50Ms: number | null;
  p99Ms: number | null;
  countedAt: Date;
}

export interface OwnTweet {
  /** Null when none was ever written: not settled yet, or lost with Redis. */
  settled: SettledCounts | null;
}

// A tweet that is gone by now, or whose author is, has no row to be written.
const INSERT = `
  INSERT INTO timelines.receipts (tweet_id, author_id, audience_count, reached_count, reached_live_count, away_count,
    p50_ms, p99_ms, counted_at)
  SELECT r.tweet_id, t.author_id, audience, reached, live, away, p50, p99, counted_at
  FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::timestamptz[])
    AS r(tweet_id, audience, reached, live, away, p50, p99, counted_at)
  CROSS JOIN LATERAL (
    SELECT e.author_id FROM tweet_published.entries e
    WHERE e.id = r.tweet_id AND e.tweet_id = e.id AND ${nameOf('e.author_id')} IS NOT NULL LIMIT 1
  ) t
  ON CONFLICT (tweet_id) DO NOTHING`;

const BY_AUTHOR = `
  SELECT asked.id, settled.*
  FROM unnest($2::bigint[]) AS asked(id)
  CROSS JOIN LATERAL (
    SELECT FROM tweet_published.entries e
    WHERE e.id = asked.id AND e.tweet_id = e.id AND e.author_id = $1 LIMIT 1
  ) own
  LEFT JOIN LATERAL (SELECT * FROM timelines.receipts r WHERE r.tweet_id = asked.id LIMIT 1) settled ON true`;

const AUDIENCES_NOW = `
  SELECT (
    SELECT count(*)::int
    FROM (SELECT * FROM tweet_published.entries e WHERE e.id = asked.id AND e.tweet_id = e.id LIMIT 1) t
    JOIN follow_published.followers follower ON follower.followee_id = t.author_id AND follower.followed_at <= t.created_at
    WHERE NOT (${mutes('follower.follower_id', 't.author_id')})
      AND (t.in_reply_to_id IS NULL OR t.in_reply_to_author_id IN (t.author_id, follower.follower_id)
        OR ${followedAt('follower.follower_id', 't.in_reply_to_author_id')} IS NOT NULL)
  ) AS count
  FROM unnest($1::bigint[]) WITH ORDINALITY AS asked(id, nth) ORDER BY asked.nth`;

interface Row {
  id: Id;
  tweet_id: Id | null;
  audience_count: number;
  reached_count: number;
  reached_live_count: number;
  away_count: number;
  p50_ms: number | null;
  p99_ms: number | null;
  counted_at: Date;
}

export const createReceiptStore = (primary: pg.Pool): ReceiptStore => ({
  insert: async (rows) => {
    if (rows.length === 0) return;
    await primary.query({
      name: 'receipts-insert',
      text: INSERT,
      values: [
        rows.map(({ tweetId }) => tweetId),
        rows.map(({ audienceCount }) => audienceCount),
        rows.map(({ reachedCount }) => reachedCount),
        rows.map(({ reachedLiveCount }) => reachedLiveCount),
        rows.map(({ awayCount }) => awayCount),
        rows.map(({ p50Ms }) => p50Ms),
        rows.map(({ p99Ms }) => p99Ms),
        rows.map(({ countedAt }) => countedAt),
      ],
    });
  },

  byAuthor: async (authorId, tweetIds) => {
    const { rows } = await primary.query<Row>({
      name: 'receipts-by-author',
      text: BY_AUTHOR,
      values: [authorId, tweetIds],
    });
    const byId = new Map(
      rows.map((row) => [row.id, { settled: row.tweet_id === null ? null : settledOf(row) }]),
    );
    return tweetIds.map((id) => byId.get(id) ?? null);
  },

  audiencesNow: async (tweetIds) => {
    const { rows } = await primary.query<{ count: number }>({
      name: 'receipts-audiences-now',
      text: AUDIENCES_NOW,
      values: [tweetIds],
    });
    return rows.map(({ count }) => count);
  },
});

const settledOf = (row: Row): SettledCounts => ({
  audienceCount: row.audience_count,
  reachedCount: row.reached_count,
  reachedLiveCount: row.reached_live_count,
  awayCount: row.away_count,
  p50Ms: row.p50_ms,
  p99Ms: row.p99_ms,
  countedAt: row.counted_at,
});
