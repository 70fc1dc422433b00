import { compareIds, idAbove, idBelow, lowestIdAt, shiftId, type Id } from '../../platform/ids.ts';
import type { EntryStore } from './entry-store.ts';
import { beyond, type Stretch } from './stretch.ts';

/** Some entries of a walk, in its order; between them and those of the step before lie no others. */
export interface Step {
  ids: Id[];
  /** Whom the viewer followed when they were read. Steps of another stamp do not go together. */
  stamp: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Two years are four steps. */
const WIDENING = 8;

/** Candidates were many and few of them passed: how many to ask for next, so that a page takes few steps. */
export const moreThan = (limit: number): number => Math.min(limit * 4, 1000);

/**
 * Candidates from Postgres alone, for as long as the caller asks, to the end of the stretch.
 *
 * It walks in windows of ids, because within a window each account gives few rows, out of one quarter: the first is a
 * day, which is what a page of somebody with many accounts needs, and each that was not full is followed by one eight
 * times as wide, for those with few. So the number of statements grows with neither.
 */
export async function* walkPostgres(
  store: EntryStore,
  viewerId: Id,
  stretch: Stretch,
  now: () => number,
): AsyncGenerator<Step, void> {
  const down = stretch.direction === 'down';
  let rest = stretch;
  let widthMs = DAY_MS;
  for (;;) {
    const window = windowOf(rest, widthMs, now());
    const step = await store.followedIn(viewerId, window);
    yield step;
    const last = step.ids.at(-1);
    if (last !== undefined && step.ids.length === rest.limit) {
      rest = { ...beyond(rest, last), limit: moreThan(rest.limit) };
      continue;
    }
    if (window.newerThan === rest.newerThan && window.olderThan === rest.olderThan) return;
    // Bounds do not belong to a stretch, so this one's edge has to belong to the next.
    rest = down
      ? { ...rest, olderThan: idAbove(window.newerThan) }
      : { ...rest, newerThan: idBelow(window.olderThan) };
    widthMs *= WIDENING;
  }
}

function windowOf(rest: Stretch, widthMs: number, nowMs: number): Stretch {
  if (rest.direction === 'down') {
    const low = shiftId(olderOf(rest.olderThan, lowestIdAt(nowMs)), -widthMs);
    return { ...rest, newerThan: newerOf(rest.newerThan, low) };
  }
  const high = shiftId(rest.newerThan, widthMs);
  // Clocks differ: nobody's entries are left out for being of tomorrow.
  const isLast = compareIds(high, lowestIdAt(nowMs + DAY_MS)) > 0;
  return isLast ? rest : { ...rest, olderThan: olderOf(rest.olderThan, high) };
}

const olderOf = (a: Id, b: Id): Id => (compareIds(a, b) < 0 ? a : b);
const newerOf = (a: Id, b: Id): Id => (compareIds(a, b) > 0 ? a : b);
