import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** Ends the waiting and the trying. */
  signal: AbortSignal;
  /** The wait after the first failure; it doubles with each failure in a row. */
  firstPauseMs: number;
  longestPauseMs: number;
}

/** Resolves after `ms`, or at once when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** How long to wait after the n-th failure in a row; spread, so that those who failed together do not return together. */
export const pauseAfter = (
  failures: number,
  { firstPauseMs, longestPauseMs }: Omit<Patience, 'signal'>,
): number => Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) * (0.75 + Math.random() / 2);

/** What runs this long before it fails was well: the next pauses are short again. */
const WELL_MS = 10_000;

/** Runs `work` until it resolves or the signal aborts; each rejection is told, with how many came in a row, and followed by a pause. Never rejects. */
export async function keepTrying(
  work: () => Promise<void>,
  patience: Patience,
  onFailure: (err: unknown, failures: number) => void,
): Promise<void> {
  let failures = 0;
  while (!patience.signal.aborted) {
    const startedAt = performance.now();
    try {
      await work();
      return;
    } catch (err) {
      if (patience.signal.aborted) return;
      failures = performance.now() - startedAt > WELL_MS ? 1 : failures + 1;
      onFailure(err, failures);
      await pause(pauseAfter(failures, patience), patience.signal);
    }
  }
}

/** How loud the n-th failure in a row is said: an outage is one warning, not one every second. */
export const loudness = (failures: number): 'warn' | 'debug' => (failures === 1 ? 'warn' : 'debug');
