import type { Logger } from 'pino';

/** What ran out is refused at once, and what is deleted cannot be seen; their rows may lie for so long. */
const INTERVAL_MS = 10_000;

/**
 * Does the chores at start and from then on, one after another. Each is safe while other processes do it too, and picks
 * up what one that died has left. One that fails is logged, and does not keep the others from being done.
 */
export function startHousekeeping(chores: Record<string, () => Promise<unknown>>, log: Logger) {
  const run = async () => {
    for (const [chore, work] of Object.entries(chores))
      await work().catch((err: unknown) => log.warn({ err, chore }, 'chore of accounts failed'));
  };
  let running = run();
  const timer = setInterval(() => {
    running = running.then(run);
  }, INTERVAL_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
