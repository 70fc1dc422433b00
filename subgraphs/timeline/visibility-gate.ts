import type pg from 'pg';
import { compareIds, newestFirst, shiftId, type Id } from '../../platform/ids.ts';
import { REST_MS } from './oracle.ts';
import {
  concerns,
  counts,
  followedAt,
  isFirstOfDay,
  isWanted,
  nameOf,
  REST,
  stampOf,
  tweetIsWanted,
} from './rules.ts';

/** An entry that a viewer may see now, and what is to be told about it. */
export interface SeenEntry {
  id: Id;
  tweetId: Id;
  /** Who wrote it, or who retweeted. */
  authorId: Id;
  authorName: string;
  /** Since when the viewer follows them; null when it is the viewer. */
  followedAt: Date | null;
  /** Whom it answers, when it is a reply. The name is null when that account is gone. */
  answering: { userId: Id; name: string | null } | null;
}

/** An entry that somebody present may have to be told of. */
export interface Sighting {
  viewerId: Id;
  entryId: Id;
  tweetId: Id;
}

/** What there is to tell about sightings, by viewer. */
export interface Verdict extends Sighting {
  /** Null when the viewer may not see it. */
  entry: SeenEntry | null;
}

/** A retweet that is an entry, for whom others may have been left out. */
export interface FirstRetweet {
  id: Id;
  tweetId: Id;
  /** Only what was there by then. */
  olderThan: Id;
}

/**
 * Decides what a viewer may see, now and on the primary, whatever brought the entry there: lists and logs only say
 * where to look. Each function is one statement.
 */
export interface VisibilityGate {
  /** Those of the entries that are on the viewer's home timeline, newest first, and the stamp of whom the viewer follows. */
  pass(viewerId: Id, ids: readonly Id[]): Promise<{ stamp: string; entries: SeenEntry[] }>;
  /**
   * Judges each sighting, and with it the later entries of its tweet that rule 5 decides by it: one that comes back
   * when an earlier retweet is undone, one that has to go when an earlier entry arrives late.
   */
  judge(sightings: readonly Sighting[]): Promise<Verdict[]>;
  /**
   * For each entry, those whose retweets of its tweet followed, each within a day of the one before, and were left out
   * for it. Earliest first, at most ten, without the viewer.
   */
  alsoRetweetedBy(viewerId: Id, entries: readonly FirstRetweet[]): Promise<Id[][]>;
}

// What viewer `v` may see of candidate `c`. LIMIT 1 makes it a look-up per candidate: the planner, which does not know
// how few they are, would join with all entries. The bounds beside it keep other quarters closed.
const seenBy = (v: string) => `
  SELECT e.id, e.tweet_id, e.author_id, author.name AS author_name, author.followed_at,
    CASE WHEN e.id = e.tweet_id THEN e.in_reply_to_author_id END AS answered_id,
    CASE WHEN e.id = e.tweet_id THEN ${nameOf('e.in_reply_to_author_id')} END AS answered_name
  FROM tweet_published.entries e
  CROSS JOIN LATERAL (
    SELECT ${nameOf('e.author_id')} AS name, ${followedAt(v, 'e.author_id')} AS followed_at OFFSET 0
  ) author
  WHERE e.id = c.id AND e.id BETWEEN $3::bigint AND $4::bigint
    AND (e.author_id = ${v} OR author.followed_at IS NOT NULL) AND author.name IS NOT NULL
    AND ${concerns('e', v)} AND ${isWanted('e', v)} AND ${tweetIsWanted('e', v)}
    AND ${isFirstOfDay('e', v, '$3::bigint', '$4::bigint')}
  LIMIT 1`;

const PASS = `
  SELECT now.stamp, seen.* FROM (SELECT ${stampOf('$1::bigint')} AS stamp) now
  LEFT JOIN (unnest($2::bigint[]) AS c(id) CROSS JOIN LATERAL (${seenBy('$1::bigint')}) seen) ON true`;

const JUDGE = `
  WITH sighting AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $5::bigint[]) AS s(viewer_id, id, tweet_id)
  ),
  candidate AS (
    SELECT viewer_id, id, tweet_id FROM sighting
    UNION
    SELECT s.viewer_id, later.id, s.tweet_id FROM sighting s
    CROSS JOIN LATERAL (
      SELECT e.id FROM tweet_published.entries e
      WHERE e.tweet_id = s.tweet_id AND e.id > s.id AND e.id <= s.id + ${REST}
        AND e.id BETWEEN $3::bigint AND $4::bigint
        AND (e.author_id = s.viewer_id OR ${followedAt('s.viewer_id', 'e.author_id')} IS NOT NULL)
      OFFSET 0
    ) later
  )
  SELECT c.viewer_id AS for_id, c.id AS entry_id, c.tweet_id AS of_tweet_id, seen.*
  FROM candidate c LEFT JOIN LATERAL (${seenBy('c.viewer_id')}) seen ON true`;

// Ten others and the viewer follow within eleven days, or not within a day of each other.
const ALSO = `
  SELECT ARRAY(
    SELECT author_id FROM (
      SELECT x.author_id, x.id,
        bool_and(x.gap <= ${REST}) OVER (ORDER BY x.id) AS is_near
      FROM (
        SELECT e.author_id, e.id, e.id - lag(e.id, 1, first.id) OVER (ORDER BY e.id) AS gap
        FROM tweet_published.entries e
        WHERE e.tweet_id = first.tweet_id AND e.id > first.id AND e.id <= first.id + 11 * ${REST}
          AND e.id < first.older_than
          AND ${counts('e', '$1::bigint')}
      ) x
    ) near
    WHERE is_near AND author_id <> $1 ORDER BY id LIMIT 10
  ) AS user_ids
  FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS first(id, tweet_id, older_than, nth)
  ORDER BY first.nth`;

export const createVisibilityGate = (primary: Pick<pg.Pool, 'query'>): VisibilityGate => ({
  pass: async (viewerId, ids) => {
    const { rows } = await primary.query<{ stamp: string } & (SeenRow | Nothing)>({
      name: 'gate-pass',
      text: PASS,
      values: [viewerId, ids, ...boundsOf(ids)],
    });
    const entries = rows.flatMap((row) => (row.id === null ? [] : [seenEntry(row)]));
    return { stamp: rows[0]?.stamp ?? '', entries: entries.sort((a, b) => newestFirst(a.id, b.id)) };
  },

  judge: async (sightings) => {
    if (sightings.length === 0) return [];
    const ids = sightings.map(({ entryId }) => entryId);
    const [lowest, highest] = boundsOf(ids);
    const { rows } = await primary.query<JudgedRow & (SeenRow | Nothing)>({
      name: 'gate-judge',
      text: JUDGE,
      values: [
        sightings.map(({ viewerId }) => viewerId),
        ids,
        lowest,
        shiftId(highest, REST_MS),
        sightings.map(({ tweetId }) => tweetId),
      ],
    });
    return rows.map((row) => ({
      viewerId: row.for_id,
      entryId: row.entry_id,
      tweetId: row.of_tweet_id,
      entry: row.id === null ? null : seenEntry(row),
    }));
  },

  alsoRetweetedBy: async (viewerId, entries) => {
    const { rows } = await primary.query<{ user_ids: Id[] }>({
      name: 'gate-also-retweeted-by',
      text: ALSO,
      values: [
        viewerId,
        entries.map(({ id }) => id),
        entries.map(({ tweetId }) => tweetId),
        entries.map(({ olderThan }) => olderThan),
      ],
    });
    return rows.map((row) => row.user_ids);
  },
});

interface SeenRow {
  id: Id;
  tweet_id: Id;
  author_id: Id;
  author_name: string;
  followed_at: Date | null;
  answered_id: Id | null;
  answered_name: string | null;
}

interface Nothing {
  id: null;
}

interface JudgedRow {
  for_id: Id;
  entry_id: Id;
  of_tweet_id: Id;
}

const seenEntry = (row: SeenRow): SeenEntry => ({
  id: row.id,
  tweetId: row.tweet_id,
  authorId: row.author_id,
  authorName: row.author_name,
  followedAt: row.followed_at,
  answering: row.answered_id === null ? null : { userId: row.answered_id, name: row.answered_name },
});

const boundsOf = (ids: readonly Id[]): [Id, Id] => {
  const sorted = [...ids].sort(compareIds);
  return [sorted[0] ?? '0', sorted.at(-1) ?? '0'];
};
