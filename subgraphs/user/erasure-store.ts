import type { Pool } from 'pg';
import type { Id } from '../../platform/ids.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { RECOVERY_DAYS } from './account.ts';
import { deleteAccount, lockAccount } from './account-store.ts';

/** The end of accounts. What is to be done is in the rows themselves, so a worker that dies is followed by another. */
export interface ErasureStore {
  /**
   * Deletes accounts whose owners did not come back in time. Rejects in the end when any could not be deleted, which
   * keeps none of the others waiting.
   */
  deleteAbandoned(): Promise<void>;
  /** Erases what is left here of deleted accounts. */
  erase(): Promise<void>;
}

const AT_ONCE = 100;

const IS_ABANDONED = `deleted_at IS NULL AND deactivated_at <= now() - interval '${RECOVERY_DAYS} days'`;
const ABANDONED = `SELECT id FROM users.users WHERE ${IS_ABANDONED} LIMIT ${AT_ONCE}`;
// It may have come back since it was found.
const STILL = `SELECT FROM users.users WHERE id = $1 AND ${IS_ABANDONED} FOR UPDATE`;
const ERASE = `DELETE FROM users.users WHERE deleted_at IS NOT NULL`;

export function createErasureStore(primary: Pool): ErasureStore {
  const deleteOne = (userId: Id) =>
    inTransaction(primary, async (client) => {
      const locked = await lockAccount(client, { userId });
      if (locked === null || (await client.query(STILL, [userId])).rowCount === 0) return;
      await deleteAccount(client, userId, locked);
    });

  return {
    deleteAbandoned: async () => {
      const { rows } = await primary.query<{ id: Id }>(ABANDONED);
      const failures: unknown[] = [];
      for (const { id } of rows) await deleteOne(id).catch((err: unknown) => failures.push(err));
      if (failures.length > 0) throw new AggregateError(failures, 'Not every account could be deleted');
    },
    erase: async () => {
      await primary.query(ERASE);
    },
  };
}
