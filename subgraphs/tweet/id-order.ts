import { lowestIdAt, madeAt, type Id } from '../../platform/ids.ts';

/** By how much the clocks of two processes may differ, and the ids that they make at one moment. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** The lowest id that a reply to a tweet, or a retweet of it, can have: the bound that prunes the quarters before. */
export const oldestAfter = (tweetId: Id): Id => lowestIdAt(madeAt(tweetId) - CLOCK_DIFFERENCE_MS);

/** Above every id made until now, by whichever process. */
export const aboveAll = (nowMs: number): Id => lowestIdAt(nowMs + CLOCK_DIFFERENCE_MS);
