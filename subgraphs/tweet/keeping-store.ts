import type { Id } from '../../platform/ids.ts';
import type { Database } from '../../platform/postgres.ts';
import { isSeen } from './visibility.ts';

/**
 * What people keep: bookmarks, for themselves, and the tweet on top of their profile. Nobody is told. A change gives
 * whether the person may see the tweet, and made twice changes nothing.
 */
export interface KeepingStore {
  bookmark(userId: Id, tweetId: Id, now: Date): Promise<boolean>;
  unbookmark(userId: Id, tweetId: Id): Promise<boolean>;
  /** In place of the one that was pinned. Only a tweet of one's own can be: false also for another. */
  pin(userId: Id, tweetId: Id, now: Date): Promise<boolean>;
  /** Changes nothing when another is pinned. */
  unpin(userId: Id, tweetId: Id): Promise<boolean>;
}

const SEEN = `SELECT id, author_id FROM tweets.entries AS tweet WHERE id = $2 AND ${isSeen('$1::bigint', 'tweet')}`;

const BOOKMARK = `
  WITH tweet AS (${SEEN}),
  changed AS (
    INSERT INTO tweets.bookmarks (user_id, tweet_id, bookmarked_at) SELECT $1, id, $3 FROM tweet
    ON CONFLICT DO NOTHING
  )
  SELECT EXISTS (SELECT FROM tweet) AS done`;

const UNBOOKMARK = `
  WITH tweet AS (${SEEN}),
  changed AS (DELETE FROM tweets.bookmarks WHERE user_id = $1 AND tweet_id = $2)
  SELECT EXISTS (SELECT FROM tweet) AS done`;

// The lock makes the pin come before the deletion of its tweet, which then takes it along.
const PIN = `
  WITH tweet AS (${SEEN} AND author_id = $1 FOR SHARE OF tweet),
  changed AS (
    INSERT INTO tweets.pins (user_id, tweet_id, pinned_at) SELECT $1, id, $3 FROM tweet
    ON CONFLICT (user_id) DO UPDATE SET tweet_id = excluded.tweet_id, pinned_at = excluded.pinned_at
    WHERE pins.tweet_id <> excluded.tweet_id
  )
  SELECT EXISTS (SELECT FROM tweet) AS done`;

const UNPIN = `
  WITH tweet AS (${SEEN}),
  changed AS (DELETE FROM tweets.pins WHERE user_id = $1 AND tweet_id = $2)
  SELECT EXISTS (SELECT FROM tweet) AS done`;

export function createKeepingStore({ primary }: Database): KeepingStore {
  const change = async (name: string, text: string, values: unknown[]) =>
    (await primary.query<{ done: boolean }>({ name, text, values })).rows[0]?.done === true;
  return {
    bookmark: (...values) => change('bookmark', BOOKMARK, values),
    unbookmark: (...values) => change('unbookmark', UNBOOKMARK, values),
    pin: (...values) => change('pin', PIN, values),
    unpin: (...values) => change('unpin', UNPIN, values),
  };
}
