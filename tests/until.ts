import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 20;

/**
 * Asks until there is an answer: anything but false, null and undefined, with which it resolves. A condition that
 * rejects has none yet. Rejects when there is none in time, with the last reason as cause; one that never settles
 * is waited for no longer.
 *
 * @param what completes "Waited in vain until …".
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T> | T,
  withinMs = 45_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + withinMs;
  const silence = new Error('It is silent.');
  const overdue = pause(withinMs, undefined, { ref: false }).then(() => Promise.reject(silence));
  overdue.catch(() => undefined);
  for (let reason: unknown; ;) {
    try {
      const answer = await Promise.race([condition(), overdue]);
      if (answer !== false && answer !== null && answer !== undefined)
        return answer as Exclude<T, false | null | undefined>;
      reason = undefined;
    } catch (err) {
      if (err !== silence) reason = err;
    }
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`, { cause: reason });
    await pause(PAUSE_MS);
  }
}
