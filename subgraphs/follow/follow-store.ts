import type { Database } from '../../platform/postgres.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { UserFollowed } from '../../platform/events/user-followed.ts';
import { UserUnfollowed } from '../../platform/events/user-unfollowed.ts';
import type { Page } from '../connection.ts';
import type { FollowCounts, FollowEdge } from './follow.ts';

/** Somebody in a list of followers, or of those followed. */
export interface Neighbour {
  userId: Id;
  followedAt: Date;
}

export interface ReadOptions {
  /** True for a viewer who just wrote: then the primary answers. */
  readsOwnWrites: boolean;
}

export interface FollowStore {
  /** Adds an edge; null when there is no such account to follow. Again changes nothing. */
  follow(edge: FollowEdge): Promise<{ changed: boolean } | null>;
  /** Takes an edge away; null when there is no such account. Again changes nothing. */
  unfollow(edge: Pick<FollowEdge, 'followerId' | 'followeeId'>): Promise<{ changed: boolean } | null>;
  /** Latest first, one row more than the page when there are more. */
  followersOf(userId: Id, page: Page, options: ReadOptions): Promise<Neighbour[]>;
  /** Latest first, one row more than the page when there are more. */
  followedBy(userId: Id, page: Page, options: ReadOptions): Promise<Neighbour[]>;
  /** In the order of `userIds`; zeros for one that nobody follows and that follows nobody. */
  countsOf(userIds: readonly Id[]): Promise<FollowCounts[]>;
  /** Which of `userIds` the viewer follows. */
  followedAmong(viewerId: Id, userIds: readonly Id[]): Promise<Set<Id>>;
  /** Which of `userIds` follow the viewer. */
  followersAmong(viewerId: Id, userIds: readonly Id[]): Promise<Set<Id>>;
}

/**
 * People who follow one account at once wait for each other only when they share a slot, which the hash of an id picks:
 * its last bits are a sequence number, and mostly zero.
 */
const SLOTS = 16;

// Both rows of counters are written by one INSERT sorted by account, so that two who follow each other at the same
// moment take the locks in the same order.
const COUNT = (sign: 1 | -1) => `
  counted AS (
    INSERT INTO follows.user_counters AS counter (user_id, slot, follower_count, following_count)
    SELECT user_id, slot, follower_count, following_count FROM (
      SELECT $2::bigint AS user_id, (hashint8($1::bigint) & ${SLOTS - 1})::smallint AS slot, ${sign} AS follower_count, 0 AS following_count FROM edge
      UNION ALL
      SELECT $1::bigint, (hashint8($2::bigint) & ${SLOTS - 1})::smallint, 0, ${sign} FROM edge
    ) change ORDER BY user_id
    ON CONFLICT (user_id, slot) DO UPDATE SET
      follower_count = counter.follower_count + excluded.follower_count,
      following_count = counter.following_count + excluded.following_count
  ),
  told AS (
    INSERT INTO follows.outbox (topic, key, name, payload) SELECT $3, $4, $5, $6 FROM edge
  )
  SELECT EXISTS (SELECT FROM account) AS found, EXISTS (SELECT FROM edge) AS changed`;

const FOLLOW = `
  WITH account AS (SELECT id FROM user_published.accounts WHERE id = $2::bigint),
  edge AS (
    INSERT INTO follows.following (follower_id, followee_id, followed_at)
    SELECT $1::bigint, id, $7 FROM account
    ON CONFLICT DO NOTHING RETURNING followed_at
  ),
  mirrored AS (
    INSERT INTO follows.followers (followee_id, follower_id, followed_at)
    SELECT $2::bigint, $1::bigint, followed_at FROM edge
  ),
  ${COUNT(1)}`;

const UNFOLLOW = `
  WITH account AS (SELECT id FROM user_published.accounts WHERE id = $2::bigint),
  edge AS (
    DELETE FROM follows.following WHERE follower_id = $1::bigint AND followee_id = $2::bigint RETURNING 1
  ),
  mirrored AS (
    DELETE FROM follows.followers WHERE followee_id = $2::bigint AND follower_id = $1::bigint AND EXISTS (SELECT FROM edge)
  ),
  ${COUNT(-1)}`;

/** A keyset page of one side of the edges; the index by (owner, followed_at, other) serves it in order. */
const NEIGHBOURS = (table: string, owner: string, other: string) => `
  SELECT ${other} AS "userId", followed_at AS "followedAt" FROM follows.${table}
  WHERE ${owner} = $1 AND ($2::timestamptz IS NULL OR (followed_at, ${other}) < ($2, $3::bigint))
  ORDER BY followed_at DESC, ${other} DESC LIMIT $4`;

// Joined from `unnest`, because `= ANY` on a table partitioned by hash looks into all eight (docs/decisions/0003).
const COUNTS = `
  SELECT user_id AS id, sum(follower_count)::int AS "followerCount", sum(following_count)::int AS "followingCount"
  FROM unnest($1::bigint[]) AS wanted (id) JOIN follows.user_counters ON user_id = wanted.id GROUP BY user_id`;

const FOLLOWED_AMONG = `
  SELECT followee_id AS id FROM follows.following WHERE follower_id = $1 AND followee_id = ANY($2::bigint[])`;

const FOLLOWERS_AMONG = `
  SELECT follower_id AS id FROM follows.followers WHERE followee_id = $1 AND follower_id = ANY($2::bigint[])`;

/** @param wake called after a commit that left an event in the outbox. */
export function createFollowStore(database: Database, wake: () => void): FollowStore {
  const change = async (name: string, text: string, values: unknown[]) => {
    const { rows } = await database.primary.query<{ found: boolean; changed: boolean }>({
      name,
      text,
      values,
    });
    const row = rows[0];
    if (row?.changed === true) wake();
    return row?.found === true ? { changed: row.changed } : null;
  };

  const neighbours = async (name: string, text: string, userId: Id, page: Page, options: ReadOptions) => {
    const [followedAtMs, other] = page.after ?? [];
    const after = followedAtMs === undefined ? null : new Date(Number(followedAtMs));
    const values = [userId, after, other ?? null, page.limit + 1];
    return (await database.reader(options).query<Neighbour>({ name, text, values })).rows;
  };

  const among = async (name: string, text: string, viewerId: Id, userIds: readonly Id[]) => {
    const { rows } = await database.primary.query<{ id: Id }>({ name, text, values: [viewerId, userIds] });
    return new Set(rows.map((row) => row.id));
  };

  return {
    follow: (edge) => {
      const { followerId, followeeId, followedAt } = edge;
      const event = outboxRow(UserFollowed, { followerId, followeeId, followedAtMs: followedAt.getTime() });
      return change('follow', FOLLOW, [
        followerId,
        followeeId,
        event.topic,
        event.key,
        event.name,
        event.payload,
        followedAt,
      ]);
    },
    unfollow: ({ followerId, followeeId }) => {
      const event = outboxRow(UserUnfollowed, { followerId, followeeId });
      return change('unfollow', UNFOLLOW, [
        followerId,
        followeeId,
        event.topic,
        event.key,
        event.name,
        event.payload,
      ]);
    },
    followersOf: (userId, page, options) =>
      neighbours(
        'followers-of',
        NEIGHBOURS('followers', 'followee_id', 'follower_id'),
        userId,
        page,
        options,
      ),
    followedBy: (userId, page, options) =>
      neighbours('followed-by', NEIGHBOURS('following', 'follower_id', 'followee_id'), userId, page, options),
    countsOf: async (userIds) => {
      const { rows } = await database.primary.query<FollowCounts & { id: Id }>({
        name: 'follow-counts',
        text: COUNTS,
        values: [userIds],
      });
      const byId = new Map(rows.map(({ id, ...counts }) => [id, counts]));
      return userIds.map((id) => byId.get(id) ?? { followerCount: 0, followingCount: 0 });
    },
    followedAmong: (viewerId, userIds) => among('followed-among', FOLLOWED_AMONG, viewerId, userIds),
    followersAmong: (viewerId, userIds) => among('followers-among', FOLLOWERS_AMONG, viewerId, userIds),
  };
}
