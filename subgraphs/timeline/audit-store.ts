import type pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { createEntryStore, type EntryStore } from './entry-store.ts';
import { homeTimelineByDefinition } from './oracle.ts';
import { createVisibilityGate, type VisibilityGate } from './visibility-gate.ts';

/** What a comparison of a home timeline with its definition found. */
export interface Finding {
  checkedAt: Date;
  comparedCount: number;
  missingCount: number;
  surplusCount: number;
  /** Equal in order, too. */
  isExact: boolean;
  /** Null when there was nothing to repair, or it could not be repaired. */
  repairedAt: Date | null;
}

/** Everything that a comparison reads, as it stood at one moment. */
export interface Snapshot {
  gate: VisibilityGate;
  entries: EntryStore;
  /** The timeline by its definition, from an id on. */
  definition(viewerId: Id, from: Id): Promise<Id[]>;
}

export interface AuditStore {
  inSnapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** Null before the first. */
  last(viewerId: Id): Promise<Finding | null>;
  /** Nothing for an account that does not stand: it may have been erased. */
  keep(viewerId: Id, finding: Finding): Promise<void>;
  /** Those of them whose last is older than that, or who had none. */
  notSince(viewerIds: readonly Id[], moment: Date): Promise<Id[]>;
}

export const createAuditStore = (primary: pg.Pool): AuditStore => ({
  inSnapshot: (work) =>
    inTransaction(primary, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return await work({
        gate: createVisibilityGate(client),
        entries: createEntryStore(client),
        definition: (viewerId, from) => homeTimelineByDefinition(client, viewerId, { from }),
      });
    }),

  last: async (viewerId) => {
    const { rows } = await primary.query<Row>({
      name: 'audit-last',
      text: 'SELECT * FROM timelines.audits WHERE user_id = $1',
      values: [viewerId],
    });
    const [row] = rows;
    if (row === undefined) return null;
    return {
      checkedAt: row.checked_at,
      comparedCount: row.compared_count,
      missingCount: row.missing_count,
      surplusCount: row.surplus_count,
      isExact: row.is_exact,
      repairedAt: row.repaired_at,
    };
  },

  keep: async (viewerId, finding) => {
    await primary.query({
      name: 'audit-keep',
      text: `INSERT INTO timelines.audits
               (user_id, checked_at, compared_count, missing_count, surplus_count, is_exact, repaired_at)
             SELECT id, $2::timestamptz, $3::int, $4::int, $5::int, $6::boolean, $7::timestamptz
             FROM user_published.accounts WHERE id = $1
             ON CONFLICT (user_id) DO UPDATE SET checked_at = excluded.checked_at,
               compared_count = excluded.compared_count, missing_count = excluded.missing_count,
               surplus_count = excluded.surplus_count, is_exact = excluded.is_exact,
               repaired_at = excluded.repaired_at`,
      values: [
        viewerId,
        finding.checkedAt,
        finding.comparedCount,
        finding.missingCount,
        finding.surplusCount,
        finding.isExact,
        finding.repairedAt,
      ],
    });
  },

  notSince: async (viewerIds, moment) => {
    const { rows } = await primary.query<{ id: Id }>({
      name: 'audit-not-since',
      text: `SELECT id FROM unnest($1::bigint[]) AS id
             WHERE NOT EXISTS (SELECT FROM timelines.audits a WHERE a.user_id = id AND a.checked_at > $2)`,
      values: [viewerIds, moment],
    });
    return rows.map(({ id }) => id);
  },
});

interface Row {
  checked_at: Date;
  compared_count: number;
  missing_count: number;
  surplus_count: number;
  is_exact: boolean;
  repaired_at: Date | null;
}
