import { z } from 'zod';
import { list, url } from '../../platform/process/config.ts';
import { rateLimitScale } from '../../platform/rate-limiter.ts';

export const followWorkerConfig = z.object({
  FOLLOW_DATABASE_URL: url('postgres', 'postgresql'),
  KAFKA_BROKERS: list,
  KAFKA_TOPIC_PREFIX: z.string().default(''),
});

/** What the follow subgraph is told by its environment. It reads the primary alone: all that it reads decides. */
export const followConfig = z.object({
  FOLLOW_DATABASE_URL: url('postgres', 'postgresql'),
  REDIS_URL: url('redis', 'rediss'),
  REDIS_KEY_PREFIX: z.string().default(''),
  RATE_LIMIT_SCALE: rateLimitScale,
});
