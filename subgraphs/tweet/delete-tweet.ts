import type pg from 'pg';
import { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { oldestAfter } from './id-order.ts';

export type Deleted =
  { type: 'deleted'; inReplyToId: Id | null } | { type: 'absent' } | { type: 'not-yours' };

const LOCK_TWEET = `
  SELECT author_id AS "authorId", in_reply_to_id AS "inReplyToId", deleted_at IS NOT NULL AS deleted
  FROM tweets.entries WHERE id = $1 AND tweet_id = $1 FOR UPDATE`;

const END_RETWEETS = `
  DELETE FROM tweets.retweets WHERE tweet_id = $1 RETURNING user_id AS "retweeterId", entry_id AS "entryId"`;

/** The row stays, empty: replies stand under it. */
const MARK_DELETED = `
  UPDATE tweets.entries SET deleted_at = $2,
    text = CASE WHEN id = tweet_id THEN '' END, entities = CASE WHEN id = tweet_id THEN '[]'::jsonb END
  WHERE tweet_id = $1 AND id >= $3`;

/** Counters of authors in the order of their ids, then that of the parent: the order that every writer keeps to. */
const COUNT_DELETED = `
  WITH author AS (
    INSERT INTO tweets.author_counters AS counter (author_id, entry_count)
    SELECT author_id, -count(*) FROM unnest($1::bigint[]) AS author_id GROUP BY author_id ORDER BY author_id
    ON CONFLICT (author_id) DO UPDATE SET entry_count = counter.entry_count + excluded.entry_count RETURNING author_id
  ),
  answered AS (
    INSERT INTO tweets.tweet_counters AS counter (tweet_id, slot, reply_count)
    SELECT $3, (hashint8($2) & 15)::smallint, -1 FROM author WHERE author_id = $2 AND $3::bigint IS NOT NULL
    ON CONFLICT (tweet_id, slot) DO UPDATE SET reply_count = counter.reply_count - 1
  )
  INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $4, $5, $6, $7`;

/** More than these are not named in the event: reads leave them out anyway. */
const MAX_NAMED_RETWEETS = 1000;

/**
 * Within a transaction, four statements; with 4000 retweets it takes 60 ms. Waits for a retweet that is being made of
 * the tweet, so that it ends too.
 */
export async function deleteTweet(
  client: pg.PoolClient,
  tweetId: Id,
  authorId: Id,
  now: Date,
): Promise<Deleted> {
  interface Locked {
    authorId: Id;
    inReplyToId: Id | null;
    deleted: boolean;
  }
  const { rows } = await client.query<Locked>({ name: 'lock-tweet', text: LOCK_TWEET, values: [tweetId] });
  const [tweet] = rows;
  if (tweet === undefined || (tweet.deleted && tweet.authorId !== authorId)) return { type: 'absent' };
  if (tweet.authorId !== authorId) return { type: 'not-yours' };
  const done: Deleted = { type: 'deleted', inReplyToId: tweet.inReplyToId };
  if (tweet.deleted) return done;

  const retweets = await client.query<{ retweeterId: Id; entryId: Id }>({
    name: 'end-retweets',
    text: END_RETWEETS,
    values: [tweetId],
  });
  await client.query({
    name: 'mark-deleted',
    text: MARK_DELETED,
    values: [tweetId, now, oldestAfter(tweetId)],
  });
  const event = outboxRow(TweetDeleted, {
    tweetId,
    authorId,
    retweetEntries: retweets.rows.slice(0, MAX_NAMED_RETWEETS),
    inReplyToId: tweet.inReplyToId,
    conversationId: null,
    quotedId: null,
  });
  await client.query({
    name: 'count-deleted',
    text: COUNT_DELETED,
    values: [
      [authorId, ...retweets.rows.map(({ retweeterId }) => retweeterId)],
      authorId,
      tweet.inReplyToId,
      event.topic,
      event.key,
      event.name,
      event.payload,
    ],
  });
  return done;
}
