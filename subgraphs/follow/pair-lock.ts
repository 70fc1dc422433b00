import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';

/*
 * Whether two people may follow each other depends on rows of several tables: blocks, edges and requests, both ways. So
 * whoever changes one of these locks the pair first, and only then reads what is there: of a follow and a block at the
 * same time one comes wholly before the other.
 *
 * The order of locks, for all writers of this subgraph: pairs, in the order of their keys; then rows of edges, requests
 * and blocks; then counters, in the order of account and slot; then the outbox.
 */

// Sorted in a subquery, so that the locks are taken in this order. Two pairs with one key merely wait for each other.
const LOCK_PAIRS = `
  SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashint8extended(least(a, b), greatest(a, b)) AS key
    FROM unnest($1::bigint[], $2::bigint[]) AS pair (a, b) ORDER BY key OFFSET 0
  ) AS keys`;

/**
 * Until the end of the transaction nobody else changes what is between the two people of each pair. Statements after
 * this one see all that was changed before.
 */
export async function lockPairs(client: pg.PoolClient, pairs: readonly (readonly [Id, Id])[]): Promise<void> {
  const values = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  await client.query({ name: 'lock-pairs', text: LOCK_PAIRS, values });
}
