import { z } from 'zod';
import { list, url } from '../../platform/process/config.ts';
import { rateLimitScale } from '../../platform/rate-limiter.ts';

export const tweetWorkerConfig = z.object({
  TWEET_DATABASE_URL: url('postgres', 'postgresql'),
  KAFKA_BROKERS: list,
  KAFKA_TOPIC_PREFIX: z.string().default(''),
  REDIS_URL: url('redis', 'rediss'),
  REDIS_KEY_PREFIX: z.string().default(''),
});

/** What the tweet subgraph is told by its environment. */
export const tweetConfig = z.object({
  TWEET_DATABASE_URL: url('postgres', 'postgresql'),
  TWEET_DATABASE_REPLICA_URL: url('postgres', 'postgresql').optional(),
  REDIS_URL: url('redis', 'rediss'),
  REDIS_KEY_PREFIX: z.string().default(''),
  RATE_LIMIT_SCALE: rateLimitScale,
  /** The origin that people see: of links to tweets and hashtags. */
  PUBLIC_URL: url('http', 'https').transform((text) => new URL(text).origin),
});
