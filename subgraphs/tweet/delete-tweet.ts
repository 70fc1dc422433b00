import type pg from 'pg';
import { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { countAnswer, countTags, FORGET_TAGS, slotOf } from './counters.ts';
import { oldestAfter } from './id-order.ts';
import type { Tweet } from './tweet.ts';
import { tagsIn } from './tweet-text.ts';
import { sees } from './visibility.ts';

export type Deleted =
  { type: 'deleted'; inReplyToId: Id | null } | { type: 'absent' } | { type: 'not-yours' };

// Deleted, or not to be seen by whoever asks: the same.
const LOCK_TWEET = `
  SELECT author_id AS "authorId", in_reply_to_id AS "inReplyToId", conversation_id AS "conversationId",
    quoted_id AS "quotedId", entities, deleted_at IS NOT NULL AS deleted
  FROM tweets.entries AS tweet WHERE id = $1 AND tweet_id = $1
    AND (author_id = $2 OR deleted_at IS NULL AND ${sees('$2::bigint', 'tweet.author_id')}) FOR UPDATE OF tweet`;

const END_RETWEETS = `
  DELETE FROM tweets.retweets WHERE tweet_id = $1 RETURNING user_id AS "retweeterId", entry_id AS "entryId"`;

/** The row stays, empty: replies stand under it. */
const MARK_DELETED = `
  UPDATE tweets.entries SET deleted_at = $2,
    text = CASE WHEN id = tweet_id THEN '' END, entities = CASE WHEN id = tweet_id THEN '[]'::jsonb END
  WHERE tweet_id = $1 AND id >= $3`;

const FORGET = `
  WITH revisions AS (DELETE FROM tweets.revisions WHERE tweet_id = $1)
  DELETE FROM tweets.pins WHERE user_id = $2 AND tweet_id = $1`;

/** Counters in the order that every writer keeps to. */
const COUNT_DELETED = `
  WITH author AS (
    INSERT INTO tweets.author_counters AS counter (author_id, entry_count)
    SELECT author_id, -count(*) FROM unnest($1::bigint[]) AS author_id GROUP BY author_id ORDER BY author_id
    ON CONFLICT (author_id) DO UPDATE SET entry_count = counter.entry_count + excluded.entry_count RETURNING author_id
  ),
  untagged AS (
    DELETE FROM tweets.hashtags USING unnest($8::text[]) AS gone (tag)
    WHERE hashtags.tag = gone.tag AND tweet_id = $9 RETURNING hashtags.tag
  ),
  tagged AS (${countTags(-1, { author: '$2', from: 'untagged' })}),
  answered AS (${countAnswer(-1, { parent: '$3', quoted: '$10', author: '$2', from: 'author' })})
  INSERT INTO tweets.outbox (topic, key, name, payload) SELECT $4, $5, $6, $7`;

// Of the deleted tweet itself, which is newer than what it answered: so its rows come last.
const UNCOUNT_RETWEETS = `
  INSERT INTO tweets.tweet_counters AS counter (tweet_id, slot, retweet_count)
  SELECT $1, slot, -count(*) FROM unnest($2::bigint[]) AS retweeter, LATERAL (SELECT ${slotOf('retweeter')} AS slot) AS its
  GROUP BY slot ORDER BY slot
  ON CONFLICT (tweet_id, slot) DO UPDATE SET retweet_count = counter.retweet_count + excluded.retweet_count`;

type Locked = Pick<Tweet, 'authorId' | 'inReplyToId' | 'conversationId' | 'quotedId' | 'entities'> & {
  deleted: boolean;
};

/** More than these are not named in the event: reads leave them out anyway. */
const MAX_NAMED_RETWEETS = 1000;

/**
 * Within a transaction, five to seven statements; with 4000 retweets it takes 60 ms. Waits for a retweet that is being made of
 * the tweet, so that it ends too.
 */
export async function deleteTweet(
  client: pg.PoolClient,
  tweetId: Id,
  authorId: Id,
  now: Date,
): Promise<Deleted> {
  const locked = await client.query<Locked>({
    name: 'lock-to-delete',
    text: LOCK_TWEET,
    values: [tweetId, authorId],
  });
  const [tweet] = locked.rows;
  if (tweet === undefined) return { type: 'absent' };
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
  await client.query({ name: 'forget-words', text: FORGET, values: [tweetId, authorId] });
  const tags = tagsIn(tweet.entities);
  const retweeters = retweets.rows.map(({ retweeterId }) => retweeterId);
  const event = outboxRow(TweetDeleted, {
    tweetId,
    authorId,
    retweetEntries: retweets.rows.slice(0, MAX_NAMED_RETWEETS),
    inReplyToId: tweet.inReplyToId,
    conversationId: tweet.conversationId,
    quotedId: tweet.quotedId,
  });
  await client.query({
    name: 'count-deleted',
    text: COUNT_DELETED,
    values: [
      [authorId, ...retweeters],
      authorId,
      tweet.inReplyToId,
      event.topic,
      event.key,
      event.name,
      event.payload,
      tags,
      tweetId,
      tweet.quotedId,
    ],
  });
  if (retweeters.length > 0) {
    await client.query({ name: 'uncount-retweets', text: UNCOUNT_RETWEETS, values: [tweetId, retweeters] });
  }
  if (tags.length > 0)
    await client.query({ name: 'forget-tags', text: FORGET_TAGS, values: [tags, authorId] });
  return done;
}
