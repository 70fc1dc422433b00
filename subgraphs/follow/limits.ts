import { tooOften, type RateLimitedRefusal } from '../errors.ts';
import type { Id } from '../../platform/ids.ts';
import type { Rate, RateLimiter } from '../../platform/rate-limiter.ts';

/** How often an account may change what is between it and others; also what changes nothing counts. */
const RATES = {
  follow: { name: 'follow', count: 400, perSeconds: 24 * 60 * 60 },
  unfollow: { name: 'unfollow', count: 400, perSeconds: 24 * 60 * 60 },
  distance: { name: 'distance', count: 500, perSeconds: 60 * 60 },
} satisfies Record<string, Rate>;

export interface Limits {
  /** Counts a use. The refusal when it was one too many; null otherwise. */
  refuse(what: keyof typeof RATES, viewerId: Id): Promise<RateLimitedRefusal | null>;
}

export const createLimits = (limiter: Pick<RateLimiter, 'use'>): Limits => ({
  refuse: async (what, viewerId) => {
    const { isAllowed, resetMs } = await limiter.use(RATES[what], viewerId);
    return isAllowed ? null : tooOften(resetMs);
  },
});
