import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';

/** Deletes all rows about an account, in one statement. Safe to repeat. */
export async function eraseRows(primary: pg.Pool, userId: Id): Promise<void> {
  await primary.query({
    name: 'erase-account',
    text: `WITH position AS (DELETE FROM timelines.read_positions WHERE user_id = $1),
                audit AS (DELETE FROM timelines.audits WHERE user_id = $1)
           DELETE FROM timelines.receipts WHERE author_id = $1`,
    values: [userId],
  });
}
