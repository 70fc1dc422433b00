import type pg from 'pg';
import type { Database } from '../platform/postgres.ts';

/** The same database, and how many statements were sent through it: to test that a page costs what half a page costs. */
export function counting(database: Database): { database: Database; statements(): number } {
  let sent = 0;
  const counted = (pool: pg.Pool) =>
    new Proxy(pool, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (name === 'query') sent += 1;
          return Reflect.apply(value, target, args);
        };
      },
    });
  return {
    database: {
      ...database,
      primary: counted(database.primary),
      reader: (options) => counted(database.reader(options)),
    },
    statements: () => sent,
  };
}
