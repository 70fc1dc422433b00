import type { Rate } from '../../platform/rate-limiter.ts';

/** How often an account may do what. */
export const rates = {
  /** Clients tell as one scrolls: every other second, for half an hour. */
  moveReadPosition: { name: 'home-read-position', count: 900, perSeconds: 30 * 60 },
  /** It reads some hundred entries twice, in two ways. */
  audit: { name: 'home-audit', count: 1, perSeconds: 60 },
} satisfies Record<string, Rate>;
