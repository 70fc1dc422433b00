import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import type { Tweet } from './tweet.ts';
import { TWEET_COLUMNS } from './tweet-store.ts';
import { follows, sees } from './visibility.ts';

/** A tweet that somebody who listens may have to be told of. */
export interface Sighting {
  /** Null when signed out. */
  viewerId: Id | null;
  tweetId: Id;
}

/** One that the viewer may see, or might if it were still there. */
export type Sight = Tweet & {
  isGone: boolean;
  /** Whether the viewer follows its author. */
  isFollowed: boolean;
};

/** Decides what streams may tell, on the primary and at the moment of telling. Each function is one statement. */
export interface LiveGate {
  /** In the order of `sightings`; null where the viewer may not see its author, or there never was one. */
  judge(sightings: readonly Sighting[]): Promise<(Sight | null)[]>;
  /** In the order of `pairs`: whether the tweet is the root or stands below it, at any depth. */
  areBelow(pairs: readonly { tweetId: Id; rootId: Id }[]): Promise<boolean[]>;
  /** The conversation that a tweet is in, deleted or not; null for one that never was. */
  conversationOf(tweetId: Id): Promise<Id | null>;
  /** The replies above a tweet that are newer than `bound`, oldest first, and the tweet itself. */
  wayTo(tweetId: Id, bound: Id): Promise<Id[]>;
}

// LIMIT 1 keeps it a look-up per pair: 2 ms for twenty, 45 ms for a thousand who watch one tweet.
const JUDGE = `
  SELECT asked.at, seen.* FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS asked (viewer_id, tweet_id, at)
  CROSS JOIN LATERAL (
    SELECT ${TWEET_COLUMNS}, tweet.deleted_at IS NOT NULL AS "isGone",
      ${follows('asked.viewer_id', 'tweet.author_id')} IS NOT NULL AS "isFollowed"
    FROM tweets.entries AS tweet
    WHERE tweet.id = asked.tweet_id AND tweet.tweet_id = tweet.id AND ${sees('asked.viewer_id', 'tweet.author_id')}
    LIMIT 1
  ) AS seen`;

/** A program that answers itself for ever must not hold a connection for ever. */
const MAX_DEPTH = 5000;

const above = (ended: string) => `
  SELECT above.id, way.height + 1 FROM way CROSS JOIN LATERAL (
    SELECT in_reply_to_id AS id FROM tweets.entries WHERE id = way.id OFFSET 0
  ) AS above
  WHERE way.height < ${MAX_DEPTH} AND above.id IS NOT NULL AND NOT (${ended})`;

const BELOW = `
  SELECT EXISTS (
    WITH RECURSIVE way AS (
      SELECT asked.tweet_id AS id, 0 AS height UNION ALL ${above('way.id = asked.root_id')}
    )
    SELECT FROM way WHERE id = asked.root_id
  ) AS below
  FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS asked (tweet_id, root_id, at) ORDER BY asked.at`;

const WAY = `
  WITH RECURSIVE way AS (
    SELECT $1::bigint AS id, 0 AS height UNION ALL ${above('above.id < $2')}
  )
  SELECT way.id FROM way CROSS JOIN LATERAL (
    SELECT FROM tweets.entries WHERE id = way.id AND in_reply_to_id IS NOT NULL OFFSET 0
  ) AS reply ORDER BY way.height DESC`;

const CONVERSATION = `
  SELECT coalesce(conversation_id, id) AS "conversationId" FROM tweets.entries WHERE id = $1 AND tweet_id = id`;

export const createLiveGate = (primary: pg.Pool): LiveGate => ({
  judge: async (sightings) => {
    const { rows } = await primary.query<Sight & { at: string }>({
      name: 'live-judge',
      text: JUDGE,
      values: [sightings.map(({ viewerId }) => viewerId), sightings.map(({ tweetId }) => tweetId)],
    });
    const verdicts = new Map(rows.map(({ at, ...sight }) => [Number(at) - 1, sight]));
    return sightings.map((_, at) => verdicts.get(at) ?? null);
  },
  areBelow: async (pairs) => {
    const { rows } = await primary.query<{ below: boolean }>({
      name: 'live-below',
      text: BELOW,
      values: [pairs.map(({ tweetId }) => tweetId), pairs.map(({ rootId }) => rootId)],
    });
    return rows.map(({ below }) => below);
  },
  conversationOf: async (tweetId) => {
    const { rows } = await primary.query<{ conversationId: Id }>({
      name: 'live-conversation',
      text: CONVERSATION,
      values: [tweetId],
    });
    return rows[0]?.conversationId ?? null;
  },
  wayTo: async (tweetId, bound) => {
    const values = [tweetId, bound];
    const { rows } = await primary.query<{ id: Id }>({ name: 'live-way', text: WAY, values });
    return rows.map(({ id }) => id);
  },
});
