import { lowestIdAt, madeAt, type Id } from './ids.ts';

/** A stretch of ids: from `from`, below `below`. */
export interface Stretch {
  from: Id;
  below: Id;
}

/**
 * All ids below `below`, newest first, cut where the partitions of entries are: the quarter that `below` lies in, the
 * quarter before, then two, four, eight. A list that has no bound of its own asks one stretch after the other and stops
 * when it is full: an active author's page touches one partition, and a silent one's takes few statements.
 */
export function* stretchesBelow(below: Id): Generator<Stretch> {
  let first = quarterOf(madeAt(below));
  for (let quarters = 1; below !== LOWEST_ID; quarters *= 2) {
    const from = lowestIdAt(Math.max(startOf(first), madeAt(LOWEST_ID)));
    if (from !== below) yield { from, below };
    below = from;
    first -= quarters;
  }
}

const LOWEST_ID: Id = '0';

/** Quarters since the year 0, so that they can be counted. */
const quarterOf = (ms: number): number => {
  const date = new Date(ms);
  return date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
};

const startOf = (quarter: number): number => Date.UTC(Math.floor(quarter / 4), (quarter % 4) * 3);
