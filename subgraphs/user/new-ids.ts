import { DatabaseError, type Pool } from 'pg';
import { createIdSource, type Id, type IdSource } from '../../platform/ids.ts';

/**
 * Runs an insert that needs new ids. When Postgres says that one is in use, another process holds the same worker
 * number: the insert runs again with ids of another. It must therefore be one statement, and leave other conflicts in
 * its result.
 */
export type WithNewIds = <T>(insert: (next: () => Id) => Promise<T>) => Promise<T>;

const ATTEMPTS = 3;
const UNIQUE_VIOLATION = '23505';

export const isUniqueViolation = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code === UNIQUE_VIOLATION;

/** Draws the worker number with the first insert, so that a database that is away does not fail the start. */
export function withNewIds(primary: Pool): WithNewIds {
  let source: IdSource | undefined;
  const draw = async () => {
    const { rows } = await primary.query<{ worker: number }>(
      `SELECT nextval('users.worker_numbers')::int AS worker`,
    );
    return createIdSource(rows[0]?.worker ?? 0);
  };
  return async (insert) => {
    for (let attempt = 1; ; attempt++) {
      const drawn = (source ??= await draw());
      try {
        return await insert(() => drawn.next());
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === ATTEMPTS) throw error;
        if (source === drawn) source = undefined;
      }
    }
  };
}
