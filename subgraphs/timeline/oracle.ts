import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { idSpan, lowestIdAt, MAX_ID, type Id } from '../../platform/ids.ts';

/** How long a tweet stays away after an entry of it. */
export const REST_MS = 24 * 60 * 60 * 1000;

const definition = readFileSync(`${import.meta.dirname}/definition.sql`, 'utf8');

/**
 * A home timeline by its definition, newest first: what every other way to it must equal. It knows nothing of lists,
 * floors and logs, and its cost is that of reading everything from `from` on.
 */
export async function homeTimelineByDefinition(
  database: pg.Pool | pg.ClientBase,
  viewerId: Id,
  { asOf = null, from = '0' }: { asOf?: Date | null; from?: Id } = {},
): Promise<Id[]> {
  const olderThan = asOf === null ? MAX_ID : lowestIdAt(asOf.getTime() + 1);
  const { rows } = await database.query<{ id: Id }>(definition, [viewerId, olderThan, idSpan(REST_MS), from]);
  return rows.map(({ id }) => id);
}
