import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { approveWaiting } from './approve-waiting.ts';
import { eraseAll } from './erasure.ts';
import { refreshPopular } from './popular.ts';
import type { Work } from './work.ts';

const INTERVAL_MS = 60_000;
/** A chore that reads whole tables rests a hundred times as long as it took, so that none takes more than 1 % of the time. */
const REST_FACTOR = 100;

/** What is done in the background, again and again. */
export interface Chores {
  /** Has erasures looked for at once. */
  erase(): void;
  /** Once the signal of the work has aborted: resolves with the last batch. */
  done: Promise<unknown>;
}

/**
 * At start and every minute: erases accounts that are to go, approves requests that wait for nobody any more, counts
 * whom most people follow. All are safe to repeat, also by several processes at once. A run that fails is logged, and
 * the next one tries again.
 */
export function startChores(work: Work, log: Logger): Chores {
  const { signal } = work;

  const every = (what: string, chore: () => Promise<void>) => {
    let asked = Promise.withResolvers<void>();
    const live = async () => {
      while (!signal.aborted) {
        asked = Promise.withResolvers<void>();
        const began = performance.now();
        await chore().catch((err: unknown) => log.error({ err, what }, 'chore of follows failed'));
        const restMs = Math.max(INTERVAL_MS, REST_FACTOR * (performance.now() - began));
        const resting = new AbortController();
        await Promise.race([
          pause(restMs, undefined, { signal: AbortSignal.any([signal, resting.signal]), ref: false }).catch(
            () => undefined,
          ),
          asked.promise,
        ]);
        resting.abort();
      }
    };
    return { done: live(), now: () => asked.resolve() };
  };

  const erasing = every('erasure', () => eraseAll(work));
  const approving = every('approval', () => approveWaiting(work, null));
  const counting = every('popular accounts', () => refreshPopular(work.primary));

  return { erase: erasing.now, done: Promise.all([erasing.done, approving.done, counting.done]) };
}
