import { Gauge } from 'prom-client';
import type pg from 'pg';
import type { Logger } from 'pino';
import { deleteInBatches } from '../../platform/delete-in-batches.ts';
import { again, type Again } from '../../platform/process/again.ts';
import { registry } from '../../platform/process/metrics.ts';

const INTERVAL_MS = 60 * 60 * 1000;
/** Partitions are made for a year ahead, so a job that fails for weeks costs nothing. */
const QUARTERS_AHEAD = 4;
/** As long as the schema promises that a key is remembered. */
const KEY_LIFETIME = '24 hours';
/** Enough to tell that something is wrong; counting more would take long for nothing. */
const MAX_COUNTED = 1000;

const strayRows = new Gauge({
  name: 'roost_tweet_default_partition_rows',
  help: `Entries that no quarter takes, counted up to ${MAX_COUNTED}: anything but 0 is a fault.`,
  registers: [registry],
});

/**
 * At start and every hour: makes the partitions of coming quarters, alerts on rows that fell into none, forgets old
 * idempotency keys. Of several processes one does it at a time. A run that fails is logged, and the next one tries again.
 */
export const startHousekeeping = (pool: pg.Pool, log: Logger): Again =>
  again({ everyMs: INTERVAL_MS }, (signal) =>
    keepHouse(pool, log, signal).catch((err: unknown) => log.error({ err }, 'housekeeping of tweets failed')),
  );

/** Does nothing while another process does it. Leaves keys for the next run when the signal aborts. */
export async function keepHouse(pool: pg.Pool, log: Logger, signal: AbortSignal): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_lock(hashtext('tweets.housekeeping')) AS mine`,
    );
    if (rows[0]?.mine !== true) return;
    const made = await client.query(`SELECT tweets.ensure_entry_partitions($1)`, [QUARTERS_AHEAD]);
    if (made.rowCount !== 0) log.info({ partitions: made.rowCount }, 'made partitions of entries');
    const stray = await client.query(`SELECT FROM tweets.entries_default LIMIT $1`, [MAX_COUNTED]);
    strayRows.set(stray.rowCount ?? 0);
    if (stray.rowCount !== 0) log.error({ rows: stray.rowCount }, 'entries lie in the default partition');
    const isOld = `created_at < now() - interval '${KEY_LIFETIME}'`;
    await deleteInBatches(client, 'tweets.idempotency_keys', isOld, signal);
    await client.query(`SELECT pg_advisory_unlock(hashtext('tweets.housekeeping'))`);
  } catch (err) {
    // Closing the connection gives the lock back.
    broken = err instanceof Error ? err : new Error('housekeeping failed', { cause: err });
    throw broken;
  } finally {
    client.release(broken);
  }
}
