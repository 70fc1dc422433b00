import type pg from 'pg';
import { inTransaction } from '../../platform/transaction.ts';

/** More than anybody asks for, so that something is left for who follows most of them. */
const KEPT = 500;

const REFRESH = `
  WITH most AS (
    SELECT user_id, sum(follower_count)::int AS follower_count FROM follows.user_counters
    GROUP BY user_id HAVING sum(follower_count) > 0 ORDER BY 2 DESC, 1 LIMIT ${KEPT}
  ),
  gone AS (DELETE FROM follows.popular_accounts WHERE user_id NOT IN (SELECT user_id FROM most))
  INSERT INTO follows.popular_accounts AS known (user_id, follower_count) SELECT user_id, follower_count FROM most
  ON CONFLICT (user_id) DO UPDATE SET follower_count = excluded.follower_count
  WHERE known.follower_count <> excluded.follower_count`;

const LOCK = `SELECT pg_try_advisory_xact_lock(hashtext('follows.popular_accounts')) AS mine`;

/**
 * Counts anew whom most people follow, for `suggest`; nothing while another process does it. Reads every counter: a
 * chore, and no part of a request.
 */
export const refreshPopular = (primary: pg.Pool): Promise<void> =>
  inTransaction(primary, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>(LOCK);
    if (rows[0]?.mine === true) await client.query(REFRESH);
  });
