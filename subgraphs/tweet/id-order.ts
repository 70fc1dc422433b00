import { lowestIdAt, madeAt, type Id } from '../../platform/ids.ts';

/** By how much the clocks of two processes may differ, and the ids that they make at one moment. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** The lowest id that a reply to a tweet, or a retweet of it, can have: the bound that prunes the quarters before. */
export const oldestAfter = (tweetId: Id): Id => lowestIdAt(madeAt(tweetId) - CLOCK_DIFFERENCE_MS);

/** Above every id made until now, by whichever process. */
export const aboveAll = (nowMs: number): Id => lowestIdAt(nowMs + CLOCK_DIFFERENCE_MS);

/** Key of a place in a list that is sorted by a moment and an id: numbers, as all parts of cursors are. */
export const momentKey = (at: Date, id: Id): [string, Id] => [String(at.getTime()), id];

/** The same for a statement: of the place behind which a page begins, or above all when it begins at the start. */
export const momentOf = (after: string[] | null): [Date | 'infinity', Id] => {
  const [ms, id] = after ?? [];
  if (ms === undefined || id === undefined || Number(ms) > LAST_MS) return ['infinity', '0'];
  return [new Date(Number(ms)), id];
};

/** Behind it lies what only a made-up cursor names, and beyond some later one neither `Date` nor Postgres goes. */
const LAST_MS = Date.UTC(9999, 0);
