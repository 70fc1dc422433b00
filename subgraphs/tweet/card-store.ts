import { compareIds, type Id } from '../../platform/ids.ts';
import type { Database } from '../../platform/postgres.ts';
import type { Revision } from './edit.ts';
import { isOpen, mayReply, mayShare, sees, stands } from './visibility.ts';

export interface TweetCounts {
  likeCount: number;
  retweetCount: number;
  replyCount: number;
  quoteCount: number;
}

/** What stands between a viewer and a tweet that they see. */
export interface ViewerFlags {
  liked: boolean;
  retweeted: boolean;
  bookmarked: boolean;
  mayReply: boolean;
  mayShare: boolean;
}

/**
 * What goes with the words of a tweet, an author or a hashtag, for a page of them at once: one statement each, in the
 * order asked. Counts are exact and permissions true now, so all is read from the primary.
 */
export interface CardStore {
  /** Zeros for a tweet that nothing came of. */
  countsOf(tweetIds: readonly Id[]): Promise<TweetCounts[]>;
  flagsFor(userId: Id, tweetIds: readonly Id[]): Promise<ViewerFlags[]>;
  /** What each said before its edits, oldest first. */
  revisionsOf(tweetIds: readonly Id[]): Promise<Revision[][]>;
  /** Tweets and retweets of each that stand; null where the account does not. */
  entryCountsOf(authorIds: readonly Id[]): Promise<(number | null)[]>;
  /** Whether there is each account, and its owner has not deactivated it. */
  standing(userIds: readonly Id[]): Promise<boolean[]>;
  /** Whether the viewer, null when signed out, may see what each posts and likes. */
  seenBy(viewerId: Id | null, authorIds: readonly Id[]): Promise<boolean[]>;
  pinsOf(authorIds: readonly Id[]): Promise<(Id | null)[]>;
  /** Tweets of accounts that are open now. */
  hashtagCountsOf(tags: readonly string[]): Promise<number[]>;
}

// Joined to the list rather than ANY of it: so only the partitions of these tweets are read, of
// eight; 0.3 ms for a page of twenty.
const COUNTS = `
  SELECT id, sum(like_count)::int AS "likeCount", sum(retweet_count)::int AS "retweetCount",
    sum(reply_count)::int AS "replyCount", sum(quote_count)::int AS "quoteCount"
  FROM unnest($1::bigint[]) AS id JOIN tweets.tweet_counters ON tweet_id = id GROUP BY id`;

// Look-ups by key: 0.5 ms for a page of twenty.
const FLAGS = `
  SELECT tweet.id,
    (SELECT true FROM tweets.likes WHERE tweet_id = tweet.id AND user_id = $2) IS NOT NULL AS liked,
    (SELECT true FROM tweets.retweets WHERE tweet_id = tweet.id AND user_id = $2) IS NOT NULL AS retweeted,
    (SELECT true FROM tweets.bookmarks WHERE tweet_id = tweet.id AND user_id = $2) IS NOT NULL AS bookmarked,
    ${mayReply('$2::bigint', 'tweet')} AS "mayReply", ${mayShare('tweet')} AS "mayShare"
  FROM tweets.entries AS tweet WHERE id = ANY($1::bigint[]) AND id >= $3 AND id <= $4`;

const REVISIONS = `
  SELECT id, text, entities, created_at AS "createdAt"
  FROM unnest($1::bigint[]) AS id JOIN tweets.revisions ON tweet_id = id ORDER BY revision`;

const ENTRY_COUNTS = `
  SELECT author.id, coalesce((SELECT entry_count FROM tweets.author_counters WHERE author_id = author.id), 0) AS count
  FROM unnest($1::bigint[]) AS author (id) WHERE ${stands('author.id')}`;

const STANDING = `SELECT asked.id FROM unnest($1::bigint[]) AS asked (id) WHERE ${stands('asked.id')}`;

const SEEN_BY = `
  SELECT author.id, ${sees('$1::bigint', 'author.id')} AS seen FROM unnest($2::bigint[]) AS author (id)`;

const PINS = `
  SELECT id, tweet_id AS "tweetId" FROM unnest($1::bigint[]) AS id JOIN tweets.pins ON user_id = id`;

// Asks of each author who used it whether the account is open now: 2 ms for a thousand, and it grows with them. So it is
// exact without hearing of accounts, and a hashtag of a hundred thousand would want a counter of its own.
const HASHTAG_COUNTS = `
  SELECT carried.tag AS id, open.count FROM unnest($1::text[]) AS carried (tag) CROSS JOIN LATERAL (
    SELECT sum(counter.tweet_count)::int AS count FROM tweets.hashtag_counters AS counter
    WHERE counter.tag = carried.tag AND ${isOpen('counter.author_id')}
  ) AS open`;

const NOTHING: TweetCounts = { likeCount: 0, retweetCount: 0, replyCount: 0, quoteCount: 0 };

/** Of a viewer who is signed out, and for a tweet that is gone. */
export const NO_FLAGS: ViewerFlags = {
  liked: false,
  retweeted: false,
  bookmarked: false,
  mayReply: false,
  mayShare: false,
};

export function createCardStore({ primary }: Database): CardStore {
  /** The row of each of `ids`; null where there is none. */
  async function rowsOf<T extends object>(
    name: string,
    text: string,
    ids: readonly string[],
    values: unknown[],
  ): Promise<(T | null)[]> {
    const { rows } = await primary.query<T & { id: string }>({ name, text, values });
    const byId = new Map(rows.map(({ id, ...row }) => [id, row as unknown as T]));
    return ids.map((id) => byId.get(id) ?? null);
  }
  const countsBy = async (name: string, text: string, ids: readonly string[]) =>
    (await rowsOf<{ count: number | null }>(name, text, ids, [ids])).map((row) => row?.count ?? 0);

  return {
    countsOf: async (ids) =>
      (await rowsOf<TweetCounts>('tweet-counts', COUNTS, ids, [ids])).map((counts) => counts ?? NOTHING),
    flagsFor: async (userId, ids) => {
      const sorted = ids.toSorted(compareIds);
      const values = [ids, userId, sorted[0], sorted.at(-1)];
      return (await rowsOf<ViewerFlags>('viewer-flags', FLAGS, ids, values)).map(
        (flags) => flags ?? NO_FLAGS,
      );
    },
    revisionsOf: async (ids) => {
      const { rows } = await primary.query<Revision & { id: Id }>({
        name: 'revisions',
        text: REVISIONS,
        values: [ids],
      });
      const byTweet = Map.groupBy(rows, ({ id }) => id);
      return ids.map((id) => byTweet.get(id) ?? []);
    },
    entryCountsOf: async (ids) =>
      (await rowsOf<{ count: number }>('entry-counts', ENTRY_COUNTS, ids, [ids])).map(
        (row) => row?.count ?? null,
      ),
    standing: async (ids) =>
      (await rowsOf('standing', STANDING, ids, [ids])).map((account) => account !== null),
    seenBy: async (viewerId, ids) =>
      (await rowsOf<{ seen: boolean }>('seen-by', SEEN_BY, ids, [viewerId, ids])).map(
        (row) => row?.seen ?? false,
      ),
    pinsOf: async (ids) =>
      (await rowsOf<{ tweetId: Id }>('pins', PINS, ids, [ids])).map((row) => row?.tweetId ?? null),
    hashtagCountsOf: (tags) => countsBy('hashtag-counts', HASHTAG_COUNTS, tags),
  };
}
