import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { idSpan, lowestIdAt, type Id } from '../../platform/ids.ts';

/** How long a tweet stays away after an entry of it. */
export const REST_MS = 24 * 60 * 60 * 1000;

const definition = readFileSync(`${import.meta.dirname}/definition.sql`, 'utf8');

/**
 * A whole home timeline by its definition, newest first: what every other way to it must equal. It knows nothing of
 * lists, floors and logs, and its cost is that of reading everything.
 */
export async function homeTimelineByDefinition(
  database: pg.Pool | pg.ClientBase,
  viewerId: Id,
  asOf: Date | null = null,
): Promise<Id[]> {
  const olderThan = asOf === null ? null : lowestIdAt(asOf.getTime() + 1);
  const { rows } = await database.query<{ id: Id }>(definition, [viewerId, olderThan, idSpan(REST_MS)]);
  return rows.map(({ id }) => id);
}
