import { BoundedMap } from '../platform/bounded-map.ts';
import type { Id } from '../platform/ids.ts';

/** Who changed something just now, and must see it: their reads go to the primary. */
export interface RecentWriters {
  note(sessionId: Id): void;
  has(sessionId: Id): boolean;
}

/** A replica that lags more leaves the pool long before. */
const REMEMBERED_MS = 10_000;
/** One that is forgotten early reads what a replica has. */
const REMEMBERED = 100_000;

export function createRecentWriters(now: () => number = Date.now): RecentWriters {
  const until = new BoundedMap<Id, number>(REMEMBERED);
  return {
    note: (sessionId) => until.set(sessionId, now() + REMEMBERED_MS),
    has: (sessionId) => (until.get(sessionId) ?? 0) > now(),
  };
}
