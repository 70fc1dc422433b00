import type { Id } from '../../platform/ids.ts';
import { LAST_MS, type LogPlace } from '../../platform/live-log/live-log.ts';
import { cursorOf, openCursor } from '../connection.ts';
import { badUserInput } from '../errors.ts';
import type { TweetCounts } from './card-store.ts';
import type { Sight } from './live-gate.ts';

/** What a stream tells. `place` is where it continues behind the event. */
export type LiveEvent = { place: LogPlace } & Happening;

export type LiveEventOf<Kind extends Happening['kind']> = LiveEvent & { kind: Kind };

export type Happening =
  | { kind: 'counts' | 'words' | 'reply'; tweet: Sight; counts: TweetCounts }
  | { kind: 'removed'; tweetId: Id }
  /** What happened between the two moments is lost. */
  | { kind: 'gap'; sinceMs: number; untilMs: number };

const LIVE = 'tweets-live';

/** A place in the live log, for streams of tweets and of conversations alike. */
export const liveCursor = ({ epoch, position, atMs }: LogPlace): string =>
  cursorOf(LIVE, epoch, ...position.split('-'), String(Math.trunc(atMs)));

/** Throws `BAD_USER_INPUT` for any other text. */
export function placeOf(cursor: string): LogPlace {
  const [epoch, ms, sequence, atMs, ...rest] = openCursor(LIVE, cursor);
  const isWhole = epoch !== undefined && sequence !== undefined && atMs !== undefined && rest.length === 0;
  if (!isWhole || Number(atMs) > LAST_MS) {
    throw badUserInput('This cursor is not one of this stream.');
  }
  return { epoch, position: `${ms}-${sequence}`, atMs: Number(atMs) };
}

/** Where a log would stand that does not answer: to resume from there is a gap. */
export const unknownPlace = (nowMs: number): LogPlace => ({ epoch: '0', position: START, atMs: nowMs });

/** Before everything in a log. */
export const START = '0-0';
