import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 20;

/**
 * Asks until there is an answer: anything but false, null and undefined, with which it resolves. A condition that
 * rejects has none yet. Rejects when there is none in time, with the last reason as cause.
 *
 * @param what completes "Waited in vain until …".
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T> | T,
  withinMs = 45_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + withinMs;
  for (let reason: unknown; ;) {
    try {
      const answer = await condition();
      if (answer !== false && answer !== null && answer !== undefined)
        return answer as Exclude<T, false | null | undefined>;
      reason = undefined;
    } catch (err) {
      reason = err;
    }
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`, { cause: reason });
    await pause(PAUSE_MS);
  }
}
