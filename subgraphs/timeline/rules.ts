import { idSpan } from '../../platform/ids.ts';
import { REST_MS } from './oracle.ts';

/*
 * The rules of the definition as conditions on one entry, for statements that judge few entries of many. `e` and `v`
 * are SQL: an alias of tweet_published.entries, and the viewer's id. Look-ups are scalar subqueries, because those stay
 * look-ups by key whatever the planner expects; an EXISTS within an OR may become a scan of everybody's edges.
 */

/** When the viewer followed an account; null when not followed. */
export const followedAt = (v: string, account: string): string =>
  `(SELECT f.followed_at FROM follow_published.following f WHERE f.follower_id = ${v} AND f.followee_id = ${account})`;

const stands = (account: string): string =>
  `(SELECT true FROM user_published.accounts a WHERE a.id = ${account})`;

/** Rules 1 to 3. Null counts as false. */
export const counts = (e: string, v: string): string => `(
  (${e}.author_id = ${v} OR ${followedAt(v, `${e}.author_id`)} IS NOT NULL)
  AND (
    ${e}.id <> ${e}.tweet_id OR ${e}.in_reply_to_id IS NULL OR ${e}.author_id = ${v}
    OR ${e}.in_reply_to_author_id IN (${v}, ${e}.author_id)
    OR ${followedAt(v, `${e}.in_reply_to_author_id`)} IS NOT NULL
  )
  AND ${stands(`${e}.author_id`)} AND ${stands(`${e}.tweet_author_id`)}
  AND (${e}.id = ${e}.tweet_id OR (SELECT true FROM tweet_published.entries t WHERE t.id = ${e}.tweet_id))
)`;

/** A day, in ids. */
export const REST = `${idSpan(REST_MS)}::bigint`;

/** Rule 5, for an entry that passes 1 to 3: no other of its tweet that passes them lies in the day before it. */
export const isFirstOfDay = (e: string, v: string): string => `(
  ${e}.id = ${e}.tweet_id OR NOT EXISTS (
    SELECT FROM tweet_published.entries earlier
    WHERE earlier.tweet_id = ${e}.tweet_id AND earlier.id < ${e}.id AND earlier.id >= ${e}.id - ${REST}
      AND ${counts('earlier', v)}
  )
)`;

/** The stamp of whom the viewer follows: another for any other set of edges, whoever's clock dated them. */
export const stampOf = (v: string): string => `(
  SELECT coalesce(bit_xor(timestamptz_hash_extended(f.followed_at, f.followee_id)), 0)::text
  FROM follow_published.following f WHERE f.follower_id = ${v}
)`;
