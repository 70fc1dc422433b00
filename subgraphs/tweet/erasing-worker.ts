import type { Logger } from 'pino';
import { again, type Again } from '../../platform/process/again.ts';
import { eraseAll, type Erasing } from './erasure-store.ts';

const INTERVAL_MS = 60_000;

/** Looks for accounts to erase at start, every minute, and when asked. A run that fails is logged, and the next one tries again. */
export const startErasing = (options: Omit<Erasing, 'signal'>, log: Logger): Again =>
  again({ everyMs: INTERVAL_MS }, (signal) =>
    eraseAll({ ...options, signal }).catch((err: unknown) => log.error({ err }, 'erasure of tweets failed')),
  );
