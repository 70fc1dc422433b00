import pg from 'pg';
import { createIdSource, type Id, type IdSource } from '../../platform/ids.ts';

/** Ids of tweets and retweets, made in this process. */
export interface EntryIds {
  /**
   * What `write` gives for a new id. When another process turns out to make the same ids, a worker number is drawn anew
   * and `write` called again: it must leave nothing behind when it rejects.
   */
  forNew<T>(write: (id: Id) => Promise<T>): Promise<T>;
}

const MAX_DRAWS = 5;

/** Draws a worker number with the first id that is asked for. @param now for tests, ms since 1970. */
export function createEntryIds(pool: pg.Pool, now?: () => number): EntryIds {
  let drawing: Promise<IdSource> | undefined;
  const draw = async (): Promise<IdSource> => {
    const { rows } = await pool.query<{ worker: number }>({
      name: 'draw-worker-number',
      text: `SELECT nextval('tweets.worker_numbers')::int AS worker`,
    });
    return createIdSource(rows[0]?.worker ?? 0, now);
  };
  const source = () =>
    (drawing ??= draw().catch((err: unknown) => {
      drawing = undefined;
      throw err;
    }));

  return {
    forNew: async (write) => {
      for (let draws = 1; ; draws += 1) {
        const used = source();
        const id = (await used).next();
        try {
          return await write(id);
        } catch (err) {
          if (!isTaken(err) || draws === MAX_DRAWS) throw err;
          // Of several writes that fail at once, the first draws for all.
          if (drawing === used) drawing = undefined;
        }
      }
    },
  };
}

/** The conflict is reported for the partition that the row belongs to. */
const isTaken = (err: unknown): boolean =>
  err instanceof pg.DatabaseError &&
  err.code === '23505' &&
  err.schema === 'tweets' &&
  err.table?.startsWith('entries') === true;
