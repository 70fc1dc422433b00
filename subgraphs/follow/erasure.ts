import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { endEdges } from './edges.ts';
import type { Edge } from './follow.ts';
import { lockPairs } from './pair-lock.ts';
import type { Work } from './work.ts';

/** A transaction of this size takes 40 ms, and holds each pair no longer. */
const BATCH = 200;

/**
 * An account that is deleted may still be written about by who read it just before. Longer than any transaction lasts
 * (prisma/roles.ts), so that the last look finds all.
 */
const WATCHED = '2 minutes';

const ASK = 'INSERT INTO follows.erasures (user_id) VALUES ($1) ON CONFLICT DO NOTHING';

const WANTED = 'SELECT user_id AS "userId" FROM follows.erasures ORDER BY asked_at, user_id';

const EDGES = `
  (SELECT follower_id AS "followerId", followee_id AS "followeeId" FROM follows.following WHERE follower_id = $1 LIMIT $2)
  UNION ALL
  (SELECT follower_id, followee_id FROM follows.followers WHERE followee_id = $1 LIMIT $2)
  LIMIT $2`;

// Nothing counts these and nobody is told of them, so they go as they are found.
const MARKS = [
  ['follow_requests', 'id', 'requester_id'],
  ['follow_requests', 'id', 'target_id'],
  ['blocks', 'blocker_id, blocked_id', 'blocker_id'],
  ['blocks', 'blocker_id, blocked_id', 'blocked_id'],
  ['mutes', 'muter_id, muted_id', 'muter_id'],
  ['mutes', 'muter_id, muted_id', 'muted_id'],
  ['hidden_retweets', 'viewer_id, user_id', 'viewer_id'],
  ['hidden_retweets', 'viewer_id, user_id', 'user_id'],
] as const;

const ERASE_MARKS = ([table, key, column]: (typeof MARKS)[number]) => `
  DELETE FROM follows.${table} WHERE (${key}) IN (SELECT ${key} FROM follows.${table} WHERE ${column} = $1 LIMIT 1000)`;

// Each slot is back at zero with its last edge. One that is not has drifted, and stays for the check to find.
const ERASE_COUNTERS = `
  WITH popular AS (DELETE FROM follows.popular_accounts WHERE user_id = $1)
  DELETE FROM follows.user_counters WHERE user_id = $1 AND follower_count = 0 AND following_count = 0`;

const FINISH = `DELETE FROM follows.erasures WHERE user_id = $1 AND asked_at < now() - interval '${WATCHED}'`;

/** Notes that all that is kept of an account is to go. Again changes nothing; the next `eraseAll` does it. */
export async function askErasure(primary: pg.Pool, userId: Id): Promise<void> {
  await primary.query({ name: 'ask-erasure', text: ASK, values: [userId] });
}

/**
 * Erases all that is kept of the accounts that are to go: their edges, with the counts of others and a `UserUnfollowed`
 * for each; requests, blocks, mutes and hidden retweets, of them and towards them. Batch by batch: one that breaks off
 * is followed by another, and two at once share the work. An account is done with after two minutes at the earliest.
 * Rejects in the end when any could not be erased, which keeps none of the others waiting.
 */
export async function eraseAll(work: Work): Promise<void> {
  const { rows } = await work.primary.query<{ userId: Id }>(WANTED);
  const failures: unknown[] = [];
  for (const { userId } of rows) {
    await eraseAccount(work, userId).catch((err: unknown) => failures.push(err));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not every account could be erased');
}

async function eraseAccount({ primary, wake, signal }: Work, userId: Id): Promise<void> {
  while (!signal.aborted && (await eraseEdges(primary, userId))) wake();
  for (const mark of MARKS) {
    const query = { name: `erase-${mark[0]}-${mark[2]}`, text: ERASE_MARKS(mark), values: [userId] };
    while (!signal.aborted && (await primary.query(query)).rowCount !== 0);
  }
  if (signal.aborted) return;
  await primary.query({ name: 'erase-counters', text: ERASE_COUNTERS, values: [userId] });
  await primary.query({ name: 'finish-erasure', text: FINISH, values: [userId] });
}

/** False when there was none left. */
async function eraseEdges(primary: pg.Pool, userId: Id): Promise<boolean> {
  const query = { name: 'edges-to-erase', text: EDGES, values: [userId, BATCH] };
  const { rows: edges } = await primary.query<Edge>(query);
  if (edges.length === 0) return false;
  await inTransaction(primary, async (client) => {
    await lockPairs(
      client,
      edges.map(({ followerId, followeeId }) => [followerId, followeeId]),
    );
    await endEdges(client, edges);
  });
  return true;
}
