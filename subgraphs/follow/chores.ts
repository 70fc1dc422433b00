import type { Logger } from 'pino';
import { pause } from '../../platform/messaging/keep-trying.ts';
import { again } from '../../platform/process/again.ts';
import { approveWaiting } from './approve-waiting.ts';
import { eraseAll } from './erasure.ts';
import { refreshPopular } from './popular.ts';
import type { Work } from './work.ts';

const INTERVAL_MS = 60_000;
/** A chore that reads a whole table rests a hundred times as long as it took, so that it takes no more than 1 % of the time. */
const REST_FACTOR = 100;

/** What is done in the background, again and again. */
export interface Chores {
  /** Has erasures looked for at once. */
  erase(): void;
  /** Resolves with the last batch. */
  stop(): Promise<unknown>;
}

/**
 * At start and every minute: erases accounts that are to go, approves requests that wait for nobody any more, counts
 * whom most people follow. All are safe to repeat, also by several processes at once. A run that fails is logged, and
 * the next one tries again.
 */
export function startChores(work: Omit<Work, 'signal'>, log: Logger): Chores {
  const everyMinute = { everyMs: INTERVAL_MS };
  const failed = (what: string) => (err: unknown) => log.error({ err, what }, 'chore of follows failed');

  const erasing = again(everyMinute, (signal) => eraseAll({ ...work, signal }).catch(failed('erasure')));
  const approving = again(everyMinute, (signal) =>
    approveWaiting({ ...work, signal }, null).catch(failed('approval')),
  );
  const counting = again(everyMinute, async (signal) => {
    const began = performance.now();
    await refreshPopular(work.primary).catch(failed('popular accounts'));
    await pause(REST_FACTOR * (performance.now() - began), signal);
  });

  return {
    erase: erasing.now,
    stop: () => Promise.all([erasing, approving, counting].map((chore) => chore.stop())),
  };
}
