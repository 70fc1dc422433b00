import type { Logger } from 'pino';
import { eraseAll, type Erasing } from './erasure-store.ts';

const INTERVAL_MS = 60_000;

/**
 * Looks for accounts to erase at start, every minute, and when asked. A run that fails is logged, and the next one tries
 * again.
 */
export function startErasing(
  options: Omit<Erasing, 'signal'>,
  log: Logger,
): { look(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running = Promise.resolve();
  let isAsked = false;
  const run = async () => {
    isAsked = false;
    if (signal.aborted) return;
    await eraseAll({ ...options, signal }).catch((err: unknown) =>
      log.error({ err }, 'erasure of tweets failed'),
    );
  };
  const look = () => {
    // One run that has not begun finds all that was asked until it does.
    if (isAsked) return;
    isAsked = true;
    running = running.then(run);
  };
  look();
  const timer = setInterval(look, INTERVAL_MS).unref();
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
