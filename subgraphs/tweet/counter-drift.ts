import type pg from 'pg';

/** A counter that does not say what the rows say. */
export interface Drift {
  counter: 'like_count' | 'retweet_count' | 'reply_count' | 'quote_count' | 'entry_count' | 'hashtag_count';
  /** The tweet's id, or the author's; of a hashtag its name and the author's id. */
  id: string;
  counted: number;
  rows: number;
}

/** Every counter beside the rows that it stands for. */
const COUNTERS: { counter: Drift['counter']; counted: string; rows: string }[] = [
  {
    counter: 'like_count',
    counted: 'SELECT tweet_id::text AS id, like_count AS count FROM tweets.tweet_counters',
    rows: 'SELECT tweet_id::text AS id FROM tweets.likes',
  },
  {
    counter: 'retweet_count',
    counted: 'SELECT tweet_id::text AS id, retweet_count AS count FROM tweets.tweet_counters',
    rows: 'SELECT tweet_id::text AS id FROM tweets.entries WHERE tweet_id <> id AND deleted_at IS NULL',
  },
  {
    counter: 'reply_count',
    counted: 'SELECT tweet_id::text AS id, reply_count AS count FROM tweets.tweet_counters',
    rows: 'SELECT in_reply_to_id::text AS id FROM tweets.entries WHERE in_reply_to_id IS NOT NULL AND deleted_at IS NULL',
  },
  {
    counter: 'quote_count',
    counted: 'SELECT tweet_id::text AS id, quote_count AS count FROM tweets.tweet_counters',
    rows: 'SELECT quoted_id::text AS id FROM tweets.entries WHERE quoted_id IS NOT NULL AND deleted_at IS NULL',
  },
  {
    counter: 'entry_count',
    counted: 'SELECT author_id::text AS id, entry_count AS count FROM tweets.author_counters',
    rows: 'SELECT author_id::text AS id FROM tweets.entries WHERE deleted_at IS NULL',
  },
  {
    counter: 'hashtag_count',
    counted: `SELECT tag || ' ' || author_id AS id, tweet_count AS count FROM tweets.hashtag_counters`,
    // From the texts themselves, so that the list of tweets under a hashtag is checked too.
    rows: `SELECT DISTINCT entity->>'tag' || ' ' || author_id AS id, entries.id AS tweet_id
      FROM tweets.entries, jsonb_array_elements(entities) AS entity
      WHERE tweet_id = entries.id AND deleted_at IS NULL AND entity->>'type' = 'hashtag'`,
  },
  {
    counter: 'hashtag_count',
    counted: `SELECT tag || ' ' || author_id AS id, tweet_count AS count FROM tweets.hashtag_counters`,
    rows: `SELECT tag || ' ' || author_id AS id FROM tweets.hashtags`,
  },
];

// In one statement and so in one snapshot: what is written meanwhile is no drift.
const DRIFT = COUNTERS.map(
  ({ counter, counted, rows }) => `
  SELECT '${counter}' AS counter, id, coalesce(counted, 0)::int AS counted, coalesce(rows, 0)::int AS rows
  FROM (SELECT id, sum(count) AS counted FROM (${counted}) AS slot GROUP BY id) AS counters
  FULL JOIN (SELECT id, count(*) AS rows FROM (${rows}) AS fact GROUP BY id) AS facts USING (id)
  WHERE coalesce(counted, 0) <> coalesce(rows, 0)`,
).join(' UNION ');

/** Counters that drifted; none as it should be. Reads every row: for tests, and for whoever suspects a fault. */
export async function counterDrift(primary: Pick<pg.Pool, 'query'>): Promise<Drift[]> {
  return (await primary.query<Drift>(`${DRIFT} ORDER BY counter, id`)).rows;
}
