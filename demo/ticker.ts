import { setTimeout as pause } from 'node:timers/promises';
import type { Id } from '../platform/ids.ts';
import type { Logger } from '../platform/process/log.ts';
import { circles } from './circles.ts';
import { createRandom } from './random.ts';
import { smallTalk } from './small-talk.ts';

export interface TickerOptions {
  /** The demo people, who are the only ones it speaks for. */
  people: readonly Id[];
  /** Whether anybody looks: an empty room stays quiet. */
  isWatched: () => boolean;
  /** Posts the way everybody does. */
  post: (authorId: Id, text: string) => Promise<void>;
  log: Logger;
}

const SHORTEST_PAUSE_MS = 3000;
const LONGEST_PAUSE_MS = 9000;

/** Lets demo people post now and then, so that a timeline on screen is seen to be live. */
export function startTicker({ people, isWatched, post, log }: TickerOptions): { stop: () => void } {
  const random = createRandom(Date.now());
  const stopping = new AbortController();
  const tick = async () => {
    while (!stopping.signal.aborted) {
      const pauseMs = SHORTEST_PAUSE_MS + random.next() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
      await pause(pauseMs, undefined, { signal: stopping.signal, ref: false });
      if (!isWatched() || people.length === 0) continue;
      // Somebody's circle was drawn by chance when the demo was made; by chance again does as well.
      await post(random.pick(people), smallTalk(random.below(circles.length), random)).catch((err: unknown) =>
        log.warn({ err }, 'ticker could not post'),
      );
    }
  };
  void tick().catch(() => undefined);
  return { stop: () => stopping.abort() };
}
