import type { Id } from '../../platform/ids.ts';
import type { Database } from '../../platform/postgres.ts';
import { stretchesBelow } from '../../platform/quarters.ts';
import type { Page } from '../connection.ts';
import { aboveAll, momentOf } from './id-order.ts';
import { byPage, byParent, PAGES_BY_ID, valuesById, type TweetPage } from './tweet-pages.ts';
import { isSeen, sees } from './visibility.ts';

export type UserTweetsFilter = 'TWEETS' | 'TWEETS_AND_REPLIES' | 'ORIGINALS';

/** Something that an account posted: a tweet of its own, or a retweet. */
export interface AuthoredEntry {
  id: Id;
  tweetId: Id;
  createdAt: Date;
}

/** A tweet that somebody likes or kept, and since when. */
export interface KeptTweet {
  tweetId: Id;
  at: Date;
}

/** Whose eyes a list is made for. */
export interface Reading {
  /** Null when signed out. */
  viewerId: Id | null;
  /** True for a viewer who just wrote: then the primary answers. */
  readsOwnWrites: boolean;
}

/**
 * Which tweets are in a list, latest first, of those that the viewer may see; each gives one row more than the page when
 * there are more. Where a replica answers, it may be seconds late: what is shown of a tweet goes by `TweetStore.byIds`.
 */
export interface ListStore {
  /** What each account posted, in the order asked. Whether the viewer may see it is asked of `CardStore.seenBy`. */
  byAuthor(
    authorIds: readonly Id[],
    filter: UserTweetsFilter,
    page: Page,
    reading: Reading,
  ): Promise<AuthoredEntry[][]>;
  /** What each account likes; keys of pages are ms since 1970 and the tweet's id. As for `byAuthor`, ask first. */
  likedBy(userIds: readonly Id[], page: Page, reading: Reading): Promise<KeptTweet[][]>;
  /** What somebody bookmarked: for that person alone. Keys as for `likedBy`. */
  bookmarkedBy(userId: Id, page: Page, reading: Reading): Promise<KeptTweet[]>;
  /** Of each tweet, in the order asked. */
  quotesOf(asked: readonly TweetPage[], reading: Reading): Promise<Id[][]>;
  /** What carries each hashtag, in the order asked. */
  tagged(tags: readonly string[], page: Page, reading: Reading): Promise<Id[][]>;
}

const FILTERS: Record<UserTweetsFilter, string> = {
  TWEETS: '(in_reply_to_author_id IS NULL OR in_reply_to_author_id = author_id)',
  TWEETS_AND_REPLIES: 'tweet_id = id',
  ORIGINALS: 'tweet_id = id AND in_reply_to_id IS NULL',
};

// One stretch of quarters: 0.3 ms for a page of twenty, 1.7 for those of twenty authors, 6 one after the other.
// `tweet_id = id` tells a tweet from a retweet, which is shown to whoever may see its author too.
const BY_AUTHOR = (filter: UserTweetsFilter) => `
  SELECT author.id AS "authorId", posted.* FROM unnest($1::bigint[], $2::int[]) AS author (id, wanted) CROSS JOIN LATERAL (
    SELECT id, tweet_id AS "tweetId", created_at AS "createdAt" FROM tweets.entries AS entry
    WHERE author_id = author.id AND id >= $3 AND id < $4 AND deleted_at IS NULL AND ${FILTERS[filter]}
      AND (tweet_id = id OR ${sees('$5::bigint', 'entry.tweet_author_id')})
    ORDER BY id DESC LIMIT author.wanted
  ) AS posted
  ORDER BY posted.id DESC`;

/** The tweet of a row of `list`, as a look-up by key: OFFSET 0 keeps the planner from joining all of entries. */
const ITS_TWEET = (list: string) => `
  CROSS JOIN LATERAL (
    SELECT FROM tweets.entries AS tweet WHERE tweet.id = ${list}.tweet_id AND ${isSeen('$5::bigint', 'tweet')} OFFSET 0
  ) AS seen`;

// Likes lie in eight parts, by the tweet: 0.5 ms for a page of twenty, 5 for those of twenty people.
const LIKED_BY = `
  SELECT parent.id AS "parentId", liked.* FROM unnest($1::bigint[]) AS parent (id) CROSS JOIN LATERAL (
    SELECT tweet_id AS "tweetId", liked_at AS at FROM tweets.likes ${ITS_TWEET('likes')}
    WHERE user_id = parent.id AND (liked_at, tweet_id) < ($2, $3::bigint)
    ORDER BY liked_at DESC, tweet_id DESC LIMIT $4
  ) AS liked
  ORDER BY liked.at DESC, liked."tweetId" DESC`;

const BOOKMARKED_BY = `
  SELECT tweet_id AS "tweetId", bookmarked_at AS at FROM tweets.bookmarks ${ITS_TWEET('bookmarks')}
  WHERE user_id = $1 AND (bookmarked_at, tweet_id) < ($2, $3::bigint)
  ORDER BY bookmarked_at DESC, tweet_id DESC LIMIT $4`;

const QUOTES_OF = `
  SELECT page.nth::int, quote.id FROM ${PAGES_BY_ID} CROSS JOIN LATERAL (
    SELECT id FROM tweets.entries AS tweet
    WHERE quoted_id = page.tweet_id AND id >= page.oldest AND id < page.below AND ${isSeen('$5::bigint', 'tweet')}
    ORDER BY id DESC LIMIT page.wanted
  ) AS quote
  ORDER BY quote.id DESC`;

// 0.3 ms for a page of twenty of 100,000, 3 for those of twenty hashtags.
const TAGGED = `
  SELECT parent.tag AS "parentId", tagged.id FROM unnest($1::text[]) AS parent (tag) CROSS JOIN LATERAL (
    SELECT tweet_id AS id FROM tweets.hashtags
    WHERE tag = parent.tag AND tweet_id < $2 AND ${sees('$4::bigint', 'hashtags.author_id')}
    ORDER BY tweet_id DESC LIMIT $3
  ) AS tagged
  ORDER BY tagged.id DESC`;

/** @param now for tests, ms since 1970. */
export function createListStore(database: Database, now: () => number = Date.now): ListStore {
  return {
    byAuthor: async (authorIds, filter, { limit, after }, reading) => {
      const found = new Map(authorIds.map((id): [Id, AuthoredEntry[]] => [id, []]));
      for (const { from, below } of stretchesBelow(after?.[0] ?? aboveAll(now()))) {
        const wanted = [...found.values()].map((entries) => limit + 1 - entries.length);
        if (wanted.every((missing) => missing === 0)) break;
        const { rows } = await database.reader(reading).query<AuthoredEntry & { authorId: Id }>({
          name: `by-author-${filter}`,
          text: BY_AUTHOR(filter),
          values: [[...found.keys()], wanted, from, below, reading.viewerId],
        });
        for (const { authorId, ...entry } of rows) found.get(authorId)?.push(entry);
      }
      return authorIds.map((id) => found.get(id) ?? []);
    },
    likedBy: async (userIds, { limit, after }, reading) => {
      const { rows } = await database.reader(reading).query<KeptTweet & { parentId: Id }>({
        name: 'liked-by',
        text: LIKED_BY,
        values: [userIds, ...momentOf(after), limit + 1, reading.viewerId],
      });
      return byParent(userIds, rows);
    },
    bookmarkedBy: async (userId, { limit, after }, reading) => {
      const { rows } = await database.reader(reading).query<KeptTweet>({
        name: 'bookmarked-by',
        text: BOOKMARKED_BY,
        values: [userId, ...momentOf(after), limit + 1, reading.viewerId],
      });
      return rows;
    },
    quotesOf: async (asked, reading) => {
      const { rows } = await database.reader(reading).query<{ nth: number; id: Id }>({
        name: 'quotes-of',
        text: QUOTES_OF,
        values: [...valuesById(asked, now()), reading.viewerId],
      });
      return byPage(asked, rows).map((quotes) => quotes.map(({ id }) => id));
    },
    tagged: async (tags, { limit, after }, reading) => {
      const { rows } = await database.reader(reading).query<{ parentId: string; id: Id }>({
        name: 'tagged',
        text: TAGGED,
        values: [tags, after?.[0] ?? aboveAll(now()), limit + 1, reading.viewerId],
      });
      return byParent(tags, rows).map((tweets) => tweets.map(({ id }) => id));
    },
  };
}
