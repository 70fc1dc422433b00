/*
 * Who may see what, and what may be done with it: the one rule of this subgraph, as conditions on one tweet or account.
 * Every statement that gives a tweet, a person or a way to one holds `sees`, with the viewer as a parameter, and is read
 * where it is true now: on the primary. What is hidden and what never was are then the same, everywhere.
 *
 * `viewer` and `author` are SQL for ids of accounts, columns with their tables' names; `viewer` is null when signed out.
 * `tweet` is an alias of tweets.entries. Look-ups are scalar subqueries, because those stay look-ups by key whatever the planner expects: an
 * EXISTS may become a scan of everybody's edges. None of the conditions is ever null.
 */

/**
 * Whether a viewer may see what an account posts and likes: it stands, neither has blocked the other, and when it is
 * protected the viewer is it or follows it. A retweet, a quote and a like are judged by whoever made them, and what they
 * show by its own author.
 */
export const sees = (viewer: string, author: string): string => `coalesce(
  (SELECT NOT account.is_protected OR account.id = ${viewer} OR ${follows(viewer, author)}
   FROM user_published.accounts AS account WHERE account.id = ${author})
  AND ${blocks(viewer, author)} IS NULL AND ${blocks(author, viewer)} IS NULL, false)`;

/** Whether a row of entries is a tweet that stands, and that the viewer may see. */
export const isSeen = (viewer: string, tweet: string): string =>
  `(${tweet}.tweet_id = ${tweet}.id AND ${tweet}.deleted_at IS NULL AND ${sees(viewer, `${tweet}.author_id`)})`;

/** Who may reply to a tweet that they see: by its policy, and always its author and whom it mentions. */
export const mayReply = (viewer: string, tweet: string): string => `coalesce(
  ${tweet}.reply_policy IS NULL OR ${tweet}.reply_policy = 'EVERYONE' OR ${tweet}.author_id = ${viewer}
  OR ${tweet}.entities @> jsonb_build_array(jsonb_build_object('type', 'mention', 'userId', (${viewer})::text))
  OR ${tweet}.reply_policy = 'FOLLOWING' AND ${follows(`${tweet}.author_id`, viewer)}, false)`;

/** Whether a tweet may be answered or shown to others: `absent` also where it may not be seen. */
export type Permission = 'granted' | 'forbidden' | 'absent';

/** @param granted what `mayReply` or `mayShare` gave; null where there is nothing to be seen. */
export const permissionOf = (granted: boolean | null): Permission =>
  granted === null ? 'absent' : granted ? 'granted' : 'forbidden';

/** What a protected account posts is for those it approved: nobody may retweet or quote it. */
export const mayShare = (tweet: string): string => isOpen(`${tweet}.author_id`);

/** Whether there is such an account, which its owner has not deactivated. */
export const stands = (account: string): string =>
  `(SELECT true FROM user_published.accounts AS account WHERE account.id = ${account}) IS NOT NULL`;

/** Whether an account stands and is not protected. */
export const isOpen = (author: string): string => `coalesce(
  (SELECT NOT account.is_protected FROM user_published.accounts AS account WHERE account.id = ${author}), false)`;

/** True or null. */
export const follows = (follower: string, followee: string): string => `(
  SELECT true FROM follow_published.following AS follow
  WHERE follow.follower_id = ${follower} AND follow.followee_id = ${followee})`;

/** True or null. */
const blocks = (blocker: string, blocked: string): string => `(
  SELECT true FROM follow_published.blocks AS block
  WHERE block.blocker_id = ${blocker} AND block.blocked_id = ${blocked})`;
