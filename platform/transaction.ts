import type pg from 'pg';

/** Runs `work` in one transaction on one connection: its answer once committed, or its error with nothing written. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (err) {
    await client.query('ROLLBACK').catch((cause: unknown) => {
      // The connection is not to be used again: who knows what state its transaction is in.
      broken = new Error('rollback failed', { cause });
    });
    throw err;
  } finally {
    client.release(broken);
  }
}
