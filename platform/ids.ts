/**
 * Ids of accounts, tweets, retweets and sessions: 64 bits that sort by time.
 *
 * 41 bits of milliseconds since 2025-01-01Z, 10 bits of worker, 12 bits of sequence (Snowflake's layout).
 * They are made in process, so a tweet has its id before it is written. Two processes order theirs to within the
 * difference of their clocks. This file alone knows the bits; elsewhere an id is a decimal string, because
 * JavaScript's numbers end at 2^53.
 */
export type Id = string;

const EPOCH_MS = Date.UTC(2025, 0, 1);
const WORKERS = 1024;
const SEQUENCES = 4096;

export interface IdSource {
  /** A new id, greater than every one made here before, also when the clock is set back. */
  next(): Id;
}

/**
 * @param worker 0 to 1023, drawn from a sequence of the database at start. Two living processes may still hold the
 * same number once the sequence has gone round; a primary-key conflict then says so, and another number is drawn.
 */
export function createIdSource(worker: number, now: () => number = Date.now): IdSource {
  if (!Number.isInteger(worker) || worker < 0 || worker >= WORKERS) {
    throw new RangeError(`Worker number ${worker} is not in 0…${WORKERS - 1}`);
  }
  let lastMs = -1;
  let sequence = 0;
  return {
    next() {
      const ms = Math.max(now() - EPOCH_MS, lastMs);
      sequence = ms === lastMs ? sequence + 1 : 0;
      // A millisecond that is used up borrows from the next one.
      lastMs = sequence === SEQUENCES ? ms + 1 : ms;
      sequence %= SEQUENCES;
      return ((BigInt(lastMs) << 22n) | (BigInt(worker) << 12n) | BigInt(sequence)).toString();
    },
  };
}

/** The lowest id that can be made at this moment, in ms since 1970: a bound, not an id. */
export const lowestIdAt = (ms: number): Id => (BigInt(Math.trunc(ms) - EPOCH_MS) << 22n).toString();

/** When an id was made, in ms since 1970. */
export const madeAt = (id: Id): number => Number(BigInt(id) >> 22n) + EPOCH_MS;

/** How far apart the ids of two moments are that lie `ms` apart. */
export const idSpan = (ms: number): Id => (BigInt(Math.trunc(ms)) << 22n).toString();

/** The bound that lies `ms` after an id, before it when negative; kept within the range of ids. */
export function shiftId(id: Id, ms: number): Id {
  const shifted = BigInt(id) + (BigInt(Math.trunc(ms)) << 22n);
  return (shifted < 0n ? 0n : shifted > BIGGEST_ID ? BIGGEST_ID : shifted).toString();
}

/** The bounds right beside an id. */
export const idAbove = (id: Id): Id => (BigInt(id) + 1n).toString();
export const idBelow = (id: Id): Id => (BigInt(id) - 1n).toString();

/** Negative when `a` is older than `b`: for sorting oldest first. */
export const compareIds = (a: Id, b: Id): number =>
  a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a.length - b.length;

/** Newest first. */
export const newestFirst = (a: Id, b: Id): number => compareIds(b, a);

/** Whether a text is the decimal form of an id: what comes from outside is asked this before Postgres is. */
export const isId = (text: string): boolean => /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= BIGGEST_ID;

const BIGGEST_ID = 2n ** 63n - 1n;

/** No id is greater. */
export const MAX_ID: Id = BIGGEST_ID.toString();
