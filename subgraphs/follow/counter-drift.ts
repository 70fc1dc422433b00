import type pg from 'pg';

/** Something that should never be: a counter that does not say what the edges say, or an edge that should not stand. */
export interface Fault {
  fault:
    | 'follower_count'
    | 'following_count'
    | 'one-sided edge'
    | 'edge across a block'
    | 'request across a block';
  /** The account's id; of an edge or a request, who follows or asks, and whom. */
  id: string;
  /** What is stored, and what there are. Null where nothing is counted. */
  counted: number | null;
  rows: number | null;
}

const COUNTER = (counter: 'follower_count' | 'following_count', table: string, owner: string) => `
  SELECT '${counter}' AS fault, id::text, coalesce(counted, 0)::int AS counted, coalesce(rows, 0)::int AS rows
  FROM (SELECT user_id AS id, sum(${counter}) AS counted FROM follows.user_counters GROUP BY user_id) AS counters
  FULL JOIN (SELECT ${owner} AS id, count(*) AS rows FROM follows.${table} GROUP BY ${owner}) AS edges USING (id)
  WHERE coalesce(counted, 0) <> coalesce(rows, 0)`;

const ACROSS_BLOCK = (fault: string, table: string, who: string, whom: string) => `
  SELECT '${fault}', ${who} || ' ' || ${whom}, NULL, NULL FROM follows.${table} AS pair
  JOIN follows.blocks ON (blocker_id, blocked_id) IN ((pair.${who}, pair.${whom}), (pair.${whom}, pair.${who}))`;

// In one statement and so in one snapshot: what is written meanwhile is no fault.
const FAULTS = `
  ${COUNTER('follower_count', 'followers', 'followee_id')}
  UNION ALL ${COUNTER('following_count', 'following', 'follower_id')}
  UNION ALL
  SELECT 'one-sided edge', coalesce(a.follower_id, b.follower_id) || ' ' || coalesce(a.followee_id, b.followee_id), NULL, NULL
  FROM follows.following AS a FULL JOIN follows.followers AS b
    ON (b.follower_id, b.followee_id) = (a.follower_id, a.followee_id)
  WHERE a.follower_id IS NULL OR b.follower_id IS NULL OR a.followed_at <> b.followed_at
  UNION ALL ${ACROSS_BLOCK('edge across a block', 'following', 'follower_id', 'followee_id')}
  UNION ALL ${ACROSS_BLOCK('request across a block', 'follow_requests', 'requester_id', 'target_id')}`;

/** Faults; none as it should be. Reads every row: for tests, and for whoever suspects one. */
export async function findFaults(primary: Pick<pg.Pool, 'query'>): Promise<Fault[]> {
  return (await primary.query<Fault>(FAULTS)).rows;
}
