import { connectDatabase } from '../../platform/postgres.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import { assembleReading } from './assembly.ts';
import { timelineConfig } from './config.ts';
import type { Context } from './context.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Home timelines, as pages and live. It starts without Redis, and reads then go to Postgres. */
export async function startTimelineSubgraph(env: NodeJS.ProcessEnv): Promise<Subgraph> {
  const config = loadConfig(timelineConfig, env);
  const log = createLog('timeline');
  const database = connectDatabase({
    url: config.TIMELINE_DATABASE_URL,
    name: 'roost timeline',
    log,
  });
  const limiter = createRateLimiter({
    url: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    scale: config.RATE_LIMIT_SCALE,
    log,
  });
  const reading = assembleReading({
    primary: database.primary,
    redisUrl: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    log,
  });

  return {
    name: 'timeline',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    context: ({ caller: { viewer } }): Context => ({
      viewer,
      timeline: reading.home,
      live: reading.live,
      tweetDeliveries: reading.tweetDeliveries,
      readPositions: reading.readPositions,
      audits: reading.audits,
      limiter,
      loaders: createLoaders({ ...reading, viewerId: viewer?.userId ?? null }),
      now: Date.now,
    }),
    ready: () => database.ready(),
    stop: async () => {
      await reading.stop();
      limiter.close();
      await database.close();
    },
  };
}
