import type pg from 'pg';
import { MAX_ID, type Id } from '../../platform/ids.ts';
import { followedAt, stampOf } from './rules.ts';
import type { Stretch } from './stretch.ts';

/** Entries and followers as Postgres has them, unjudged. Always the primary; each function is one statement. */
export interface EntryStore {
  /** The viewer's own entries in a stretch, from its near end. */
  ownIn(viewerId: Id, stretch: Stretch): Promise<Id[]>;
  /** Entries of the viewer and of all whom the viewer follows, from the near end; `stamp` says who those were. */
  followedIn(viewerId: Id, stretch: Stretch): Promise<{ stamp: string; ids: Id[] }>;
  /** Who follows an account, by id, beginning behind `after`, up to `through` and including it. */
  followersOf(userId: Id, range: { after: Id | null; through: Id | null; limit: number }): Promise<Id[]>;
  /**
   * Of some followers of an account, by id, those whom a tweet of its is not meant for: they mute it, or it answers
   * somebody else whom they don't follow. Whoever blocks or is blocked does not follow. May name others too.
   */
  outsidersOf(authorId: Id, answeredId: Id | null, followerIds: readonly Id[]): Promise<Id[]>;
  /** Whom a tweet answers; null when it is no reply, answers its own author, or is gone. */
  answeredBy(tweetId: Id): Promise<Id | null>;
  /** All of them, page by page. */
  allFollowersOf(userId: Id): AsyncGenerator<Id[], void>;
  /** Newest first, those made since a moment of tweets that were written since another. At most a thousand. */
  retweetsOf(authorId: Id, since: { retweeted: Id; written: Id }): Promise<RetweetEntry[]>;
  /** The id of every `size`-th follower of an account, by id. */
  everyNthFollowerOf(userId: Id, size: number): Promise<Id[]>;
}

export interface RetweetEntry {
  entryId: Id;
  tweetId: Id;
  retweeterId: Id;
}

const PAGE_SIZE = 1000;

const OWN = (order: string) => `
  SELECT id FROM tweet_published.entries
  WHERE author_id = $1 AND id > $2 AND id < $3 ORDER BY id ${order} LIMIT $4`;

// Each account gives at most as many as are wanted in all, through (author_id, id DESC), from the quarters within the bounds.
const FOLLOWED = (order: string) => `
  SELECT ${stampOf('$1::bigint')} AS stamp, ARRAY(
    SELECT entry.id FROM (
      SELECT followee_id AS id FROM follow_published.following WHERE follower_id = $1
      UNION ALL SELECT $1
    ) author
    CROSS JOIN LATERAL (
      SELECT e.id FROM tweet_published.entries e
      WHERE e.author_id = author.id AND e.id > $2 AND e.id < $3 ORDER BY e.id ${order} LIMIT $4
    ) entry
    ORDER BY entry.id ${order} LIMIT $4
  )::text[] AS ids`;

const SQL = {
  down: { own: OWN('DESC'), followed: FOLLOWED('DESC') },
  up: { own: OWN('ASC'), followed: FOLLOWED('ASC') },
};

const OUTSIDERS = `
  SELECT m.muter_id AS id FROM follow_published.mutes m
  WHERE m.muted_id = $1 AND m.muter_id BETWEEN $2 AND $3
  UNION ALL
  SELECT id FROM unnest($4::bigint[]) AS id
  WHERE $5::bigint IS NOT NULL AND id <> $5 AND ${followedAt('id', '$5::bigint')} IS NULL`;

export function createEntryStore(primary: Pick<pg.Pool, 'query'>): EntryStore {
  const followersOf: EntryStore['followersOf'] = async (userId, { after, through, limit }) => {
    const { rows } = await primary.query<{ id: Id }>({
      name: 'followers-of',
      text: `SELECT follower_id AS id FROM follow_published.followers
             WHERE followee_id = $1 AND follower_id > $2 AND follower_id <= $3
             ORDER BY follower_id LIMIT $4`,
      values: [userId, after ?? '0', through ?? MAX_ID, limit],
    });
    return rows.map(({ id }) => id);
  };

  return {
    ownIn: async (viewerId, { direction, newerThan, olderThan, limit }) => {
      const { rows } = await primary.query<{ id: Id }>({
        name: `entries-own-${direction}`,
        text: SQL[direction].own,
        values: [viewerId, newerThan, olderThan, limit],
      });
      return rows.map(({ id }) => id);
    },

    followedIn: async (viewerId, { direction, newerThan, olderThan, limit }) => {
      const { rows } = await primary.query<{ stamp: string; ids: Id[] }>({
        name: `entries-followed-${direction}`,
        text: SQL[direction].followed,
        values: [viewerId, newerThan, olderThan, limit],
      });
      return rows[0] ?? { stamp: '', ids: [] };
    },

    followersOf,

    outsidersOf: async (authorId, answeredId, followerIds) => {
      const [first, last] = [followerIds[0], followerIds.at(-1)];
      if (first === undefined) return [];
      const { rows } = await primary.query<{ id: Id }>({
        name: 'followers-outsiders',
        text: OUTSIDERS,
        values: [authorId, first, last, answeredId === null ? [] : followerIds, answeredId],
      });
      return rows.map(({ id }) => id);
    },

    answeredBy: async (tweetId) => {
      const { rows } = await primary.query<{ id: Id | null }>({
        name: 'entries-answered-by',
        text: `SELECT nullif(in_reply_to_author_id, author_id) AS id FROM tweet_published.entries WHERE id = $1`,
        values: [tweetId],
      });
      return rows[0]?.id ?? null;
    },

    allFollowersOf: async function* (userId) {
      let after: Id | null = null;
      for (;;) {
        const page: Id[] = await followersOf(userId, { after, through: null, limit: PAGE_SIZE });
        if (page.length > 0) yield page;
        if (page.length < PAGE_SIZE) return;
        after = page.at(-1) ?? null;
      }
    },

    retweetsOf: async (authorId, { retweeted, written }) => {
      const { rows } = await primary.query<{ id: Id; tweet_id: Id; author_id: Id }>({
        name: 'entries-retweets-of',
        text: `SELECT e.id, e.tweet_id, e.author_id
             FROM tweet_published.entries t
             JOIN tweet_published.entries e ON e.tweet_id = t.id AND e.id > t.id AND e.id >= $2
             WHERE t.author_id = $1 AND t.tweet_id = t.id AND t.id >= $3
             ORDER BY e.id DESC LIMIT ${PAGE_SIZE}`,
        values: [authorId, retweeted, written],
      });
      return rows.map((row) => ({ entryId: row.id, tweetId: row.tweet_id, retweeterId: row.author_id }));
    },

    everyNthFollowerOf: async (userId, size) => {
      const { rows } = await primary.query<{ id: Id }>({
        name: 'followers-every-nth',
        text: `SELECT id FROM (
               SELECT follower_id AS id, row_number() OVER (ORDER BY follower_id) AS place
               FROM follow_published.followers WHERE followee_id = $1
             ) follower
             WHERE place % $2 = 0 ORDER BY id`,
        values: [userId, size],
      });
      return rows.map(({ id }) => id);
    },
  };
}
