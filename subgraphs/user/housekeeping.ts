import type { Logger } from 'pino';
import { again, type Again } from '../../platform/process/again.ts';

/** What ran out is refused at once, and what is deleted cannot be seen; their rows may lie for so long. */
const INTERVAL_MS = 10_000;

/**
 * Does the chores at start and from then on, one after another. Each is safe while other processes do it too, and picks
 * up what one that died has left. One that fails is logged, and does not keep the others from being done. When it is
 * stopped, the chore in hand is the last.
 */
export const startHousekeeping = (
  chores: Record<string, (signal: AbortSignal) => Promise<unknown>>,
  log: Logger,
): Again =>
  again({ everyMs: INTERVAL_MS }, async (signal) => {
    for (const [chore, work] of Object.entries(chores)) {
      if (signal.aborted) return;
      await work(signal).catch((err: unknown) => log.warn({ err, chore }, 'chore of accounts failed'));
    }
  });
