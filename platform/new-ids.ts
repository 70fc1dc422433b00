import { DatabaseError, type Pool } from 'pg';
import { createIdSource, type Id, type IdSource } from './ids.ts';

/**
 * Runs a write that needs new ids. When Postgres says that one is in use, another process holds the same worker number:
 * a new one is drawn and the write runs again. So it must leave nothing behind when it rejects, and tell conflicts
 * of its own in its result.
 */
export type WithNewIds = <T>(write: (next: () => Id) => Promise<T>) => Promise<T>;

const MAX_DRAWS = 5;
const UNIQUE_VIOLATION = '23505';

const isUniqueViolation = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code === UNIQUE_VIOLATION;

/**
 * Ids made in this process. The worker number is drawn from the schema's `worker_numbers` with the first write, so that
 * a database that is away does not fail the start.
 */
export function createNewIds(primary: Pool, schema: 'users' | 'tweets', now?: () => number): WithNewIds {
  let drawing: Promise<IdSource> | undefined;
  const draw = async (): Promise<IdSource> => {
    const { rows } = await primary.query<{ worker: number }>(
      `SELECT nextval('${schema}.worker_numbers')::int AS worker`,
    );
    return createIdSource(rows[0]?.worker ?? 0, now);
  };
  const source = () =>
    (drawing ??= draw().catch((err: unknown) => {
      drawing = undefined;
      throw err;
    }));

  return async (write) => {
    for (let draws = 1; ; draws += 1) {
      const used = source();
      const ids = await used;
      try {
        return await write(() => ids.next());
      } catch (err) {
        if (!isUniqueViolation(err) || draws === MAX_DRAWS) throw err;
        // Of several writes that fail at once, the first draws for all.
        if (drawing === used) drawing = undefined;
      }
    }
  };
}
