import type pg from 'pg';

/** A tenth of a second on two busy cores. */
const BATCH = 10_000;

/**
 * Deletes the rows of a table that is not partitioned for which `where` holds, and keeps holding. A statement for each
 * batch, since one for all that was left to lie may run out of time, and then again with still more to do. The batch in
 * hand is the last when the signal aborts.
 */
export async function deleteInBatches(
  database: pg.Pool | pg.PoolClient,
  table: string,
  where: string,
  signal: AbortSignal,
): Promise<void> {
  const some = `SELECT ctid FROM ${table} WHERE ${where} LIMIT ${BATCH}`;
  for (let deleted: number | null = BATCH; deleted === BATCH && !signal.aborted;) {
    ({ rowCount: deleted } = await database.query(`DELETE FROM ${table} WHERE ctid = ANY (ARRAY(${some}))`));
  }
}
