import type pg from 'pg';
import { MAX_ID, type Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import { placeAfter, type Place } from './keyset.ts';
import { follows, isShown, showsLists } from './visibility.ts';

/** Somebody in a list of followers, or of those followed. */
export interface Neighbour {
  userId: Id;
  followedAt: Date;
}

/**
 * Lists of people as a viewer may see them, one for each of `userIds`, in their order: null where the viewer may not see
 * the list, and without those whom a block or the end of their account keeps out of it; a page is filled up with who
 * comes next. One row more than the page when there are more.
 */
export interface ListStore {
  /** Latest first. */
  followersOf(viewerId: Id | null, userIds: readonly Id[], page: Page): Promise<(Neighbour[] | null)[]>;
  /** Latest first. */
  followedBy(viewerId: Id | null, userIds: readonly Id[], page: Page): Promise<(Neighbour[] | null)[]>;
  /** Followers whom the viewer follows, those followed first before others. */
  knownFollowersOf(viewerId: Id | null, userIds: readonly Id[], page: Page): Promise<(Neighbour[] | null)[]>;
  /** How many the whole of `knownFollowersOf` has, counted up to `atMost`. */
  countKnownFollowersOf(viewerId: Id | null, userIds: readonly Id[], atMost: number): Promise<number[]>;
}

// A profile's row is there when the viewer may see the list, so that no row at all is a hidden list, and one without a
// person an empty one. The index by (owner, followed_at, other) serves the page in order, however deep it lies.
const NEIGHBOURS = (table: string, owner: string, other: string) => `
  SELECT profile.id AS "profileId", person.* FROM unnest($2::bigint[]) AS profile (id)
  LEFT JOIN LATERAL (
    SELECT ${other} AS "userId", followed_at AS "followedAt" FROM follows.${table} AS listed
    WHERE ${owner} = profile.id AND (followed_at, ${other}) < ($3::timestamptz, $4::bigint)
      AND ${isShown('$1::bigint', `listed.${other}`)}
    ORDER BY followed_at DESC, ${other} DESC LIMIT $5
  ) AS person ON true
  WHERE ${showsLists('$1::bigint', 'profile.id')}
  ORDER BY person."followedAt" DESC, person."userId" DESC`;

// Those whom both lists name, found by walking the shorter one and looking each up in the other: with 5000 followed and
// few followers it takes 1 ms rather than 50. Oneself is on no list of one's own.
const KNOWN = `
  (SELECT followee_id AS "userId", followed_at AS "followedAt" FROM follows.following AS mine
   WHERE NOT size.walks_theirs AND follower_id = $1::bigint AND (followed_at, followee_id) > ($3::timestamptz, $4::bigint)
     AND ${follows('mine.followee_id', 'profile.id')} AND ${isShown('$1::bigint', 'mine.followee_id')}
   ORDER BY followed_at, followee_id LIMIT $5)
  UNION ALL
  (SELECT mine.followee_id, mine.followed_at FROM follows.followers AS theirs CROSS JOIN LATERAL (
     SELECT followee_id, followed_at FROM follows.following
     WHERE follower_id = $1::bigint AND followee_id = theirs.follower_id OFFSET 0
   ) AS mine
   WHERE size.walks_theirs AND theirs.followee_id = profile.id
     AND (mine.followed_at, mine.followee_id) > ($3::timestamptz, $4::bigint)
     AND ${isShown('$1::bigint', 'mine.followee_id')}
   ORDER BY mine.followed_at, mine.followee_id LIMIT $5)`;

const PROFILES = `
  unnest($2::bigint[]) AS profile (id) CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(follower_count), 0) FROM follows.user_counters WHERE user_id = profile.id)
      < (SELECT coalesce(sum(following_count), 0) FROM follows.user_counters WHERE user_id = $1::bigint) AS walks_theirs
  ) AS size`;

const KNOWN_FOLLOWERS = `
  SELECT profile.id AS "profileId", person.* FROM ${PROFILES}
  LEFT JOIN LATERAL (${KNOWN}) AS person ON profile.id <> $1::bigint
  WHERE ${showsLists('$1::bigint', 'profile.id')}
  ORDER BY profile.id, person."followedAt", person."userId"`;

const COUNT_KNOWN_FOLLOWERS = `
  SELECT profile.id AS "profileId", count(person."userId")::int AS count FROM ${PROFILES}
  LEFT JOIN LATERAL (${KNOWN}) AS person ON profile.id <> $1::bigint
  WHERE ${showsLists('$1::bigint', 'profile.id')} GROUP BY profile.id`;

const LATEST: Place = ['infinity', MAX_ID];
const EARLIEST: Place = ['-infinity', '0'];

interface PersonRow {
  profileId: Id;
  userId: Id | null;
  followedAt: Date | null;
}

/** Without the row that stands for an empty list. */
const peopleIn = (rows: readonly PersonRow[]): Neighbour[] =>
  rows.flatMap(({ userId, followedAt }) =>
    userId === null || followedAt === null ? [] : [{ userId, followedAt }],
  );

export function createListStore(primary: pg.Pool): ListStore {
  const people =
    (name: string, text: string, start: Place): ListStore['followersOf'] =>
    async (viewerId, userIds, page) => {
      const values = [viewerId, userIds, ...placeAfter(page, start), page.limit + 1];
      const { rows } = await primary.query<PersonRow>({ name, text, values });
      const byProfile = Map.groupBy(rows, ({ profileId }) => profileId);
      return userIds.map((id) => {
        const found = byProfile.get(id);
        return found === undefined ? null : peopleIn(found);
      });
    };

  return {
    followersOf: people('followers-of', NEIGHBOURS('followers', 'followee_id', 'follower_id'), LATEST),
    followedBy: people('followed-by', NEIGHBOURS('following', 'follower_id', 'followee_id'), LATEST),
    knownFollowersOf: people('known-followers', KNOWN_FOLLOWERS, EARLIEST),
    countKnownFollowersOf: async (viewerId, userIds, atMost) => {
      const { rows } = await primary.query<{ profileId: Id; count: number }>({
        name: 'count-known-followers',
        text: COUNT_KNOWN_FOLLOWERS,
        values: [viewerId, userIds, ...EARLIEST, atMost],
      });
      const byProfile = new Map(rows.map(({ profileId, count }) => [profileId, count]));
      return userIds.map((id) => byProfile.get(id) ?? 0);
    },
  };
}
