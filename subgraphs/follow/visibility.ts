/*
 * Who may see what, as SQL conditions: on a list and on each person in it. Every read of this subgraph asks them, on
 * the primary, because it was somebody else who blocked, protected or left. `v`, `owner` and `person` are SQL: the id
 * of the viewer (null when signed out, and then nothing is between them), and ids of accounts.
 *
 * Look-ups are scalar subqueries, because those stay look-ups by key whatever the planner expects: an EXISTS within an
 * OR may become a scan of everybody's edges.
 */

/** Whether a row is there. */
const isThere = (rows: string): string => `((SELECT true FROM ${rows}) IS TRUE)`;

/** An account that is neither deactivated nor deleted. */
export const stands = (person: string): string =>
  isThere(`user_published.accounts account WHERE account.id = ${person}`);

export const follows = (who: string, whom: string): string =>
  isThere(`follows.following edge WHERE edge.follower_id = ${who} AND edge.followee_id = ${whom}`);

export const blocks = (who: string, whom: string): string =>
  isThere(`follows.blocks block WHERE block.blocker_id = ${who} AND block.blocked_id = ${whom}`);

export const mutes = (who: string, whom: string): string =>
  isThere(`follows.mutes mute WHERE mute.muter_id = ${who} AND mute.muted_id = ${whom}`);

export const hidesRetweets = (who: string, whose: string): string =>
  isThere(`follows.hidden_retweets hidden WHERE hidden.viewer_id = ${who} AND hidden.user_id = ${whose}`);

/** Whether a person is in lists that the viewer reads: the account stands, and no block is between the two. */
export const isShown = (v: string, person: string): string =>
  `(${stands(person)} AND NOT ${blocks(v, person)} AND NOT ${blocks(person, v)})`;

/** Whether the viewer may see whom an account follows and who follows it. Null counts as false. */
export const showsLists = (v: string, owner: string): string => `(
  (SELECT NOT account.is_protected OR account.id = ${v} OR ${follows(v, owner)}
   FROM user_published.accounts account WHERE account.id = ${owner}) IS TRUE
  AND NOT ${blocks(v, owner)} AND NOT ${blocks(owner, v)}
)`;
