import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import type { TweetFacts } from './placement.ts';
import { blocks, followedAt, hidesRetweetsOf, isOpenTo, mutes, nameOf, stampOf } from './rules.ts';

export interface PlacementStore {
  /**
   * What decides where tweets stand on the viewer's home timeline, in the order of `tweetIds`, in one statement; null
   * where there is none. `stamp`: of whom the viewer follows.
   */
  factsOf(viewerId: Id, tweetIds: readonly Id[]): Promise<{ stamp: string; tweets: (TweetFacts | null)[] }>;
}

const VIEWER = '$1::bigint';

/** The name of an account that hides nothing from the viewer: of whose tweets are hidden, nobody is told by a reply. */
const openName = (account: string) => `(
  CASE WHEN ${isOpenTo(VIEWER, account)} AND NOT ${blocks(VIEWER, account)} AND NOT ${blocks(account, VIEWER)}
  THEN ${nameOf(account)} END
)`;

const TWEETS = `
  SELECT e.id, e.author_id, ${nameOf('e.author_id')} AS author_name, e.in_reply_to_id, e.in_reply_to_author_id,
    ${openName('e.in_reply_to_author_id')} AS answered_name,
    e.in_reply_to_author_id IN (${VIEWER}, e.author_id)
      OR ${followedAt(VIEWER, 'e.in_reply_to_author_id')} IS NOT NULL AS knows_answered,
    ${isOpenTo(VIEWER, 'e.author_id')} AS is_open,
    ${blocks(VIEWER, 'e.author_id')} AS is_blocked, ${blocks('e.author_id', VIEWER)} AS blocks_viewer,
    ${mutes(VIEWER, 'e.author_id')} AS is_muted
  FROM tweet_published.entries e WHERE e.id = asked.id AND e.tweet_id = e.id LIMIT 1`;

// Joined with whom the viewer follows, so that of a tweet with very many retweets few are looked at closely.
const ENTRIES = `
  SELECT e.id::text, e.author_id::text AS "authorId", ${nameOf('e.author_id')} AS name,
    by.followed_at AS "followedAt",
    ${blocks(VIEWER, 'e.author_id')} OR ${blocks('e.author_id', VIEWER)} AS "isBlocked",
    ${mutes(VIEWER, 'e.author_id')} AS "isMuted",
    e.id <> e.tweet_id AND ${hidesRetweetsOf(VIEWER, 'e.author_id')} AS "isHidden"
  FROM (
    SELECT followee_id AS id, followed_at FROM follow_published.following WHERE follower_id = $1
    UNION ALL SELECT $1, NULL
  ) by
  JOIN tweet_published.entries e ON e.author_id = by.id
  WHERE e.tweet_id = asked.id AND e.id >= asked.id ORDER BY e.id`;

const FACTS = `
  SELECT now.stamp, tweet.*,
    coalesce((SELECT json_agg(entry) FROM (${ENTRIES}) entry), '[]') AS entries
  FROM (SELECT ${stampOf(VIEWER)} AS stamp) now
  CROSS JOIN unnest($2::bigint[]) WITH ORDINALITY AS asked(id, place)
  LEFT JOIN LATERAL (${TWEETS}) tweet ON true
  ORDER BY asked.place`;

interface Row {
  stamp: string;
  id: Id | null;
  author_id: Id;
  author_name: string | null;
  in_reply_to_id: Id | null;
  in_reply_to_author_id: Id | null;
  answered_name: string | null;
  knows_answered: boolean | null;
  is_open: boolean | null;
  is_blocked: boolean;
  blocks_viewer: boolean;
  is_muted: boolean;
  entries: {
    id: Id;
    authorId: Id;
    name: string | null;
    /** As JSON writes it. */
    followedAt: string | null;
    isBlocked: boolean;
    isMuted: boolean;
    isHidden: boolean;
  }[];
}

export const createPlacementStore = (primary: pg.Pool): PlacementStore => ({
  factsOf: async (viewerId, tweetIds) => {
    const { rows } = await primary.query<Row>({
      name: 'placement-facts',
      text: FACTS,
      values: [viewerId, tweetIds],
    });
    return { stamp: rows[0]?.stamp ?? '', tweets: rows.map((row) => factsOf(row)) };
  },
});

function factsOf(row: Row): TweetFacts | null {
  if (row.id === null) return null;
  return {
    id: row.id,
    author: { id: row.author_id, name: row.author_name },
    answering:
      row.in_reply_to_id === null
        ? null
        : {
            id: row.in_reply_to_author_id ?? '',
            name: row.answered_name,
            isStranger: row.knows_answered !== true,
          },
    isOpen: row.is_open,
    isBlocked: row.is_blocked,
    blocksViewer: row.blocks_viewer,
    isMuted: row.is_muted,
    entries: row.entries.map(({ authorId, name, followedAt: at, ...entry }) => ({
      ...entry,
      author: { id: authorId, name },
      followedAt: at === null ? null : new Date(at),
    })),
  };
}
