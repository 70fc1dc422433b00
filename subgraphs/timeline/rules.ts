import { idSpan } from '../../platform/ids.ts';
import { REST_MS } from './oracle.ts';

/*
 * The rules of the definition as conditions on one entry, for statements that judge few entries of many. `e` and `v`
 * are SQL: an alias of tweet_published.entries, and the viewer's id. Look-ups are scalar subqueries, because those stay
 * look-ups by key whatever the planner expects: an EXISTS within an OR may become a scan of everybody's edges. Each
 * costs the executor its partitions, so none is made twice; where `v` is a parameter, only the viewer's is opened.
 */

/** When the viewer followed an account; null when not followed. */
export const followedAt = (v: string, account: string): string =>
  `(SELECT f.followed_at FROM follow_published.following f WHERE f.follower_id = ${v} AND f.followee_id = ${account})`;

/** The name of an account; null when it does not stand. */
export const nameOf = (account: string): string =>
  `(SELECT a.username FROM user_published.accounts a WHERE a.id = ${account})`;

/** Rule 2. Null counts as false. */
export const concerns = (e: string, v: string): string => `(
  ${e}.id <> ${e}.tweet_id OR ${e}.in_reply_to_id IS NULL OR ${e}.author_id = ${v}
  OR ${e}.in_reply_to_author_id IN (${v}, ${e}.author_id)
  OR ${followedAt(v, `${e}.in_reply_to_author_id`)} IS NOT NULL
)`;

/** Whether the first blocks the second. */
export const blocks = (blocker: string, blocked: string): string =>
  `(SELECT true FROM follow_published.blocks b WHERE b.blocker_id = ${blocker} AND b.blocked_id = ${blocked}) IS TRUE`;

export const mutes = (v: string, account: string): string =>
  `(SELECT true FROM follow_published.mutes m WHERE m.muter_id = ${v} AND m.muted_id = ${account}) IS TRUE`;

export const hidesRetweetsOf = (v: string, account: string): string =>
  `(SELECT true FROM follow_published.hidden_retweets h WHERE h.viewer_id = ${v} AND h.user_id = ${account}) IS TRUE`;

/** Of rule 4, what is asked of whoever wrote or retweeted. */
const isWelcome = (v: string, account: string): string =>
  `NOT (${mutes(v, account)} OR ${blocks(v, account)} OR ${blocks(account, v)})`;

/** Whether an account stands, and its tweets are for the viewer. Null when it does not stand. */
export const isOpenTo = (v: string, account: string): string =>
  `(SELECT NOT a.is_protected OR a.id = ${v} OR ${followedAt(v, 'a.id')} IS NOT NULL
    FROM user_published.accounts a WHERE a.id = ${account})`;

/** Of rules 3 and 4, what concerns the entry itself, but for the account of its author. */
export const isWanted = (e: string, v: string): string => `(
  ${isWelcome(v, `${e}.author_id`)}
  AND (${e}.id = ${e}.tweet_id OR NOT ${hidesRetweetsOf(v, `${e}.author_id`)})
)`;

/** Of rules 3 and 4, what is the same for all retweets of a tweet. A tweet's own entry is judged as an entry. */
export const tweetIsWanted = (e: string, v: string): string => `(
  ${e}.id = ${e}.tweet_id OR (
    ${isOpenTo(v, `${e}.tweet_author_id`)} AND ${isWelcome(v, `${e}.tweet_author_id`)}
    AND (SELECT true FROM tweet_published.entries t WHERE t.id = ${e}.tweet_id)
  )
)`;

/** Rules 1 to 4, for another entry of a tweet that passes them. */
export const counts = (e: string, v: string): string => `(
  (${e}.author_id = ${v} OR ${followedAt(v, `${e}.author_id`)} IS NOT NULL)
  AND ${concerns(e, v)} AND ${nameOf(`${e}.author_id`)} IS NOT NULL AND ${isWanted(e, v)}
)`;

/** A day, in ids. */
export const REST = `${idSpan(REST_MS)}::bigint`;

/**
 * Rule 5, for an entry that passes 1 to 4: no other of its tweet that passes them lies in the day before it. `lowest`
 * and `highest` bound all that are asked about, so that other quarters are not even opened.
 */
export const isFirstOfDay = (e: string, v: string, lowest: string, highest: string): string => `(
  ${e}.id = ${e}.tweet_id OR NOT EXISTS (
    SELECT FROM tweet_published.entries earlier
    WHERE earlier.tweet_id = ${e}.tweet_id AND earlier.id < ${e}.id AND earlier.id >= ${e}.id - ${REST}
      AND earlier.id BETWEEN ${lowest} - ${REST} AND ${highest}
      AND ${counts('earlier', v)}
  )
)`;

/** The stamp of whom the viewer follows: another for any other set of edges, whoever's clock dated them. */
export const stampOf = (v: string): string => `(
  SELECT coalesce(bit_xor(timestamptz_hash_extended(f.followed_at, f.followee_id)), 0)::text
  FROM follow_published.following f WHERE f.follower_id = ${v}
)`;
