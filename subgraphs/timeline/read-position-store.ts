import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';

/** How far somebody has read. */
export interface ReadPosition {
  viewerId: Id;
  entryId: Id;
  movedAt: Date;
}

export interface ReadPositionStore {
  /** Null when it was never moved. */
  of(viewerId: Id): Promise<ReadPosition | null>;
  /**
   * Gives whether it stands elsewhere now: it moves towards older entries only with `allowBackward`, and never for an
   * account that does not stand.
   */
  move(viewerId: Id, entryId: Id, options: { allowBackward: boolean }): Promise<boolean>;
}

export const createReadPositionStore = (primary: pg.Pool): ReadPositionStore => ({
  of: async (viewerId) => {
    const { rows } = await primary.query<{ entry_id: Id; moved_at: Date }>({
      name: 'read-position-of',
      text: 'SELECT entry_id, moved_at FROM timelines.read_positions WHERE user_id = $1',
      values: [viewerId],
    });
    const [row] = rows;
    return row === undefined ? null : { viewerId, entryId: row.entry_id, movedAt: row.moved_at };
  },

  move: async (viewerId, entryId, { allowBackward }) => {
    const { rowCount } = await primary.query({
      name: 'read-position-move',
      text: `INSERT INTO timelines.read_positions AS held (user_id, entry_id)
             SELECT id, $2::bigint FROM user_published.accounts WHERE id = $1
             ON CONFLICT (user_id) DO UPDATE SET entry_id = excluded.entry_id, moved_at = now()
             WHERE excluded.entry_id > held.entry_id OR ($3 AND excluded.entry_id < held.entry_id)`,
      values: [viewerId, entryId, allowBackward],
    });
    return rowCount === 1;
  },
});
