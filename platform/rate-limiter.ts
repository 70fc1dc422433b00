import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import { z } from 'zod';
import { PatientRedis } from './patient-redis.ts';

/** How often something may be done by one key: by an account, from an address. */
export interface Rate {
  /** Part of the key in Redis: what is counted, in kebab-case. */
  name: string;
  /** Before `RATE_LIMIT_SCALE`. */
  count: number;
  perSeconds: number;
}

/** What is left of a rate after a use. */
export interface Allowance {
  isAllowed: boolean;
  /** What `RATE_LIMIT_SCALE` made of the rate's count. */
  limit: number;
  /** Never below 0. */
  remaining: number;
  /** Milliseconds until all of it is there again; when refused, until it may be tried again. */
  resetMs: number;
}

/** Counts uses in fixed windows, for all processes together. */
export interface RateLimiter {
  /** Counts a use, whether allowed or not; of none, only tells what is left. Never rejects: while Redis is away, each process counts for itself. */
  use(rate: Rate, key: string, uses?: number): Promise<Allowance>;
  /** Takes a use back that turned out to be none of those counted: a password that was right. Never rejects. */
  giveBack(rate: Rate, key: string): Promise<void>;
  close(): void;
}

/** Multiplies every limit of what may be done how often; for load tests. */
export const rateLimitScale = z.coerce
  .number({ error: 'must be a number above 0' })
  .positive('must be a number above 0')
  .default(1);

export interface RateLimiterOptions {
  /** Null where there is no Redis: this process then counts for itself. */
  url: string | null;
  keyPrefix: string;
  scale: number;
  log: Logger;
}

/** A count that takes longer than this is made here instead: nobody waits for a limit. */
const REDIS_TIMEOUT_MS = 250;

export function createRateLimiter({ url, keyPrefix, scale, log }: RateLimiterOptions): RateLimiter {
  const redis = url === null ? null : connect(url, log);
  const limiters = new Map<string, RateLimiterAbstract>();
  const limiterOf = (rate: Rate): RateLimiterAbstract => {
    const known = limiters.get(rate.name);
    if (known !== undefined) return known;
    const options = {
      keyPrefix: `${keyPrefix}rate:${rate.name}`,
      points: limitOf(rate),
      duration: rate.perSeconds,
    };
    const alone = new RateLimiterMemory(options);
    const limiter =
      redis === null
        ? alone
        : new RateLimiterRedis({
            ...options,
            storeClient: redis,
            rejectIfRedisNotReady: true,
            insuranceLimiter: alone,
          });
    limiters.set(rate.name, limiter);
    return limiter;
  };

  const limitOf = ({ count }: Rate): number => Math.max(1, Math.round(count * scale));
  const allowance = (rate: Rate, isAllowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes) => ({
    isAllowed,
    limit: limitOf(rate),
    remaining: Math.max(0, remainingPoints),
    resetMs: Math.max(0, msBeforeNext),
  });

  return {
    use: async (rate, key, uses = 1) => {
      try {
        return allowance(rate, true, await limiterOf(rate).consume(key, uses));
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return allowance(rate, false, refused);
      }
    },
    giveBack: async (rate, key) => {
      await limiterOf(rate).reward(key);
    },
    close: () => redis?.disconnect(),
  };
}

function connect(url: string, log: Logger): Redis {
  const redis = new PatientRedis(url, {
    connectionName: 'rate limits',
    commandTimeout: REDIS_TIMEOUT_MS,
    // What is counted in one turn goes out in one write.
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
  });
  let isAway = false;
  redis.on('error', (err) => {
    if (!isAway) log.warn({ err }, 'rates are counted by each process: redis is out of reach');
    isAway = true;
  });
  redis.on('ready', () => (isAway = false));
  return redis;
}
