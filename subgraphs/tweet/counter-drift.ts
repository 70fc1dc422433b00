import type pg from 'pg';

/** A counter that does not say what the rows say. */
export interface Drift {
  counter: 'like_count' | 'retweet_count' | 'reply_count' | 'entry_count';
  /** The tweet's or the author's id. */
  id: string;
  counted: number;
  rows: number;
}

// Every counter beside the COUNT(*) that it stands for, in one snapshot.
const DRIFT = `
  WITH counted AS (
    SELECT 'like_count' AS counter, tweet_id AS id, like_count AS count FROM tweets.tweet_counters
    UNION ALL SELECT 'retweet_count', tweet_id, retweet_count FROM tweets.tweet_counters
    UNION ALL SELECT 'reply_count', tweet_id, reply_count FROM tweets.tweet_counters
    UNION ALL SELECT 'entry_count', author_id, entry_count FROM tweets.author_counters
  ),
  standing AS (
    SELECT 'like_count' AS counter, tweet_id AS id FROM tweets.likes
    UNION ALL SELECT 'retweet_count', tweet_id FROM tweets.entries WHERE tweet_id <> id AND deleted_at IS NULL
    UNION ALL SELECT 'reply_count', in_reply_to_id FROM tweets.entries WHERE in_reply_to_id IS NOT NULL AND deleted_at IS NULL
    UNION ALL SELECT 'entry_count', author_id FROM tweets.entries WHERE deleted_at IS NULL
  )
  SELECT counter, id, coalesce(counted, 0)::int AS counted, coalesce(rows, 0)::int AS rows
  FROM (SELECT counter, id, sum(count) AS counted FROM counted GROUP BY counter, id) AS counters
  FULL JOIN (SELECT counter, id, count(*) AS rows FROM standing GROUP BY counter, id) AS facts USING (counter, id)
  WHERE coalesce(counted, 0) <> coalesce(rows, 0)`;

/** Counters that drifted; empty as it should be. Reads every row: for tests, and for whoever suspects a fault. */
export async function counterDrift(primary: pg.Pool): Promise<Drift[]> {
  return (await primary.query<Drift>(DRIFT)).rows;
}
