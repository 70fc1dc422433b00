import type { Id } from '../../platform/ids.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { beginEdges } from './edges.ts';
import type { Edge } from './follow.ts';
import { lockPairs } from './pair-lock.ts';
import type { Work } from './work.ts';

/** A transaction of this size takes 25 ms, and holds each pair no longer. */
const BATCH = 200;

/** Requests that wait for nobody: the account that they ask stands, and is open. */
const MOOT = `
  follows.follow_requests request JOIN user_published.accounts target
  ON target.id = request.target_id AND NOT target.is_protected`;

interface Waiting extends Edge {
  id: Id;
}
const COLUMNS = `request.id, request.requester_id AS "followerId", request.target_id AS "followeeId"`;

const OF_TARGET = `SELECT ${COLUMNS} FROM ${MOOT} WHERE request.target_id = $2 ORDER BY request.id LIMIT $1`;
const OF_ALL = `SELECT ${COLUMNS} FROM ${MOOT} ORDER BY request.id LIMIT $1`;

// Read again, now that the pairs are locked: meanwhile one may be withdrawn, or its target protected anew.
const TAKE = `
  DELETE FROM follows.follow_requests request USING user_published.accounts target
  WHERE request.id = ANY($1::bigint[]) AND target.id = request.target_id AND NOT target.is_protected
  RETURNING ${COLUMNS}`;

/**
 * Lets all follow who wait for an account that is open now; who wait for any such account, when `targetId` is null.
 * Batch by batch, so that a crash or a stop loses none: the next
 * sweep finds what is left. When nobody waits it does nothing.
 */
export async function approveWaiting({ primary, wake, signal }: Work, targetId: Id | null): Promise<void> {
  while (!signal.aborted) {
    const query =
      targetId === null
        ? { name: 'moot-requests', text: OF_ALL, values: [BATCH] }
        : { name: 'moot-requests-of', text: OF_TARGET, values: [BATCH, targetId] };
    const { rows: waiting } = await primary.query<Waiting>(query);
    if (waiting.length === 0) return;
    await inTransaction(primary, async (client) => {
      await lockPairs(
        client,
        waiting.map(({ followerId, followeeId }) => [followerId, followeeId]),
      );
      const values = [waiting.map(({ id }) => id)];
      const { rows: taken } = await client.query<Waiting>({ name: 'take-requests', text: TAKE, values });
      await beginEdges(client, taken, new Date());
    });
    wake();
  }
}
