import type { Id } from '../../platform/ids.ts';
import type { Database } from '../../platform/postgres.ts';
import { momentKey } from './id-order.ts';
import {
  byPage,
  PAGES_BY_ID,
  PAGES_BY_MOMENT,
  valuesById,
  valuesByMoment,
  type TweetPage,
} from './tweet-pages.ts';
import { sees } from './visibility.ts';

/** Somebody who liked or retweeted a tweet. */
export interface Reactor {
  userId: Id;
  at: Date;
  /** Where they stand in the list: the key of a page behind them. */
  key: string[];
}

/**
 * Who did something with each tweet, in the order asked: latest first, of those whose likes and retweets the viewer may
 * see; one more than the page when there are more. What comes out is shown as it is, so it is read from the primary.
 */
export interface PeopleStore {
  likersOf(asked: readonly TweetPage[], viewerId: Id | null): Promise<Reactor[][]>;
  retweetersOf(asked: readonly TweetPage[], viewerId: Id | null): Promise<Reactor[][]>;
}

// 0.4 ms for a page of twenty of 50,000, and so are retweeters.
const LIKERS_OF = `
  SELECT page.nth::int, liker.* FROM ${PAGES_BY_MOMENT} CROSS JOIN LATERAL (
    SELECT user_id AS "userId", liked_at AS at FROM tweets.likes
    WHERE tweet_id = page.tweet_id AND (liked_at, user_id) < (page.at, page.id) AND ${sees('$5::bigint', 'likes.user_id')}
    ORDER BY liked_at DESC, user_id DESC LIMIT page.wanted
  ) AS liker
  ORDER BY liker.at DESC, liker."userId" DESC`;

const RETWEETERS_OF = `
  SELECT page.nth::int, retweet.* FROM ${PAGES_BY_ID} CROSS JOIN LATERAL (
    SELECT id, author_id AS "userId", created_at AS at FROM tweets.entries AS entry
    WHERE tweet_id = page.tweet_id AND id <> page.tweet_id AND id >= page.oldest AND id < page.below
      AND deleted_at IS NULL AND ${sees('$5::bigint', 'entry.author_id')}
    ORDER BY id DESC LIMIT page.wanted
  ) AS retweet
  ORDER BY retweet.id DESC`;

/** A row for the page that it is on. */
interface ReactionRow {
  nth: number;
  userId: Id;
  at: Date;
}

/** @param now for tests, ms since 1970. */
export const createPeopleStore = ({ primary }: Database, now: () => number = Date.now): PeopleStore => ({
  likersOf: async (asked, viewerId) => {
    const { rows } = await primary.query<ReactionRow>({
      name: 'likers-of',
      text: LIKERS_OF,
      values: [...valuesByMoment(asked), viewerId],
    });
    return byPage(asked, rows).map((likers) =>
      likers.map(({ userId, at }) => ({ userId, at, key: momentKey(at, userId) })),
    );
  },
  retweetersOf: async (asked, viewerId) => {
    const { rows } = await primary.query<ReactionRow & { id: Id }>({
      name: 'retweeters-of',
      text: RETWEETERS_OF,
      values: [...valuesById(asked, now()), viewerId],
    });
    return byPage(asked, rows).map((retweets) =>
      retweets.map(({ id, userId, at }) => ({ userId, at, key: [id] })),
    );
  },
});
