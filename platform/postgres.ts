import pg from 'pg';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';
import { registry } from './process/metrics.ts';

/**
 * One subgraph's way to Postgres: prepared statements through `pg`, on the primary and on a read replica.
 *
 * What may be read where: whatever decides whether something may be seen at all reads the primary, because it was
 * somebody else who blocked or deleted. `reader` is for what has passed that: profiles and lists.
 */
export interface Database {
  /** Writes, and reads that must be true now. */
  readonly primary: pg.Pool;
  /** The replica while it is at most `MAX_LAG_MS` behind; the primary otherwise, and for a viewer who just wrote. */
  reader(options: { readsOwnWrites: boolean }): pg.Pool;
  /** Rejects when the primary does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** A reader further behind than this would show people a past that they notice. */
const MAX_LAG_MS = 2000;
const LAG_CHECK_INTERVAL_MS = 1000;

const replicaInPool = new Gauge({
  name: 'roost_replica_in_pool',
  help: 'Whether the replica answers reads: 1, or 0 while it is away or too far behind.',
  labelNames: ['reader'] as const,
  registers: [registry],
});

/**
 * A prepared statement is planned once per connection. Left to itself, Postgres guesses for statements over arrays that
 * a plan for just these values will run faster, and plans them anew each time: 8 of the gate's 9 ms.
 */
export const GENERIC_PLANS = '-c plan_cache_mode=force_generic_plan';

export interface DatabaseOptions {
  url: string;
  /** Left out: everything reads the primary. */
  replicaUrl?: string | undefined;
  /** Shown in pg_stat_activity. */
  name: string;
  /** Connections to each server. */
  max?: number;
  log: Logger;
}

/** Connects lazily; a server that is away fails the queries, not the start. */
export function connectDatabase({ url, replicaUrl, name, max = 10, log }: DatabaseOptions): Database {
  const pool = (connectionString: string) => {
    const made = new pg.Pool({
      connectionString,
      max,
      application_name: name,
      connectionTimeoutMillis: 5000,
      statement_timeout: 15_000,
      keepAlive: true,
      options: GENERIC_PLANS,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    made.on('error', (err) => log.warn({ err }, 'postgres connection lost'));
    return made;
  };
  const primary = pool(url);
  const replica = replicaUrl === undefined ? undefined : pool(replicaUrl);
  let replicaIsFresh = false;
  let isAsking = false;
  if (replica !== undefined) replicaInPool.set({ reader: name }, 0);

  const watchLag = async () => {
    if (replica === undefined || isAsking) return;
    isAsking = true;
    let err: unknown;
    const behindMs = await lagMs(replica).catch((reason: unknown) => {
      err = reason;
      return Infinity;
    });
    isAsking = false;
    const isFresh = behindMs <= MAX_LAG_MS;
    if (isFresh === replicaIsFresh) return;
    replicaIsFresh = isFresh;
    replicaInPool.set({ reader: name }, isFresh ? 1 : 0);
    if (!isFresh) log.warn({ err, behindMs }, 'replica left the pool');
  };
  const watching =
    replica === undefined ? undefined : setInterval(() => void watchLag(), LAG_CHECK_INTERVAL_MS);
  watching?.unref();
  void watchLag();

  return {
    primary,
    reader: ({ readsOwnWrites }) =>
      replica !== undefined && replicaIsFresh && !readsOwnWrites ? replica : primary,
    ready: async () => {
      await primary.query('SELECT 1');
    },
    close: async () => {
      clearInterval(watching);
      await Promise.all([primary.end(), replica?.end()]);
    },
  };
}

/** Zero while all that was received is replayed and the stream is open: an idle primary is no lag. */
async function lagMs(replica: pg.Pool): Promise<number> {
  const question = {
    name: 'replica-lag',
    // One that is frozen keeps its connections, and would never say that it is late.
    query_timeout: MAX_LAG_MS,
    text: `SELECT CASE
             WHEN NOT EXISTS (SELECT FROM pg_stat_wal_receiver) THEN NULL
             WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
             ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) * 1000
           END::float8 AS lag_ms`,
  };
  const { rows } = await replica.query<{ lag_ms: number | null }>(question);
  return rows[0]?.lag_ms ?? Infinity;
}
