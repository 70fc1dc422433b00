import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import type { RelayWorker } from '../worker.ts';
import { tweetConfig } from './config.ts';
import type { Context } from './context.ts';
import { createLiveGate } from './live-gate.ts';
import { openLive } from './live.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { createStores } from './stores.ts';

/**
 * Tweets and what people do with them: threads, quotes, likes, retweets, bookmarks, hashtags.
 * @param beside the worker of this process, where it has one.
 */
export async function startTweetSubgraph(env: NodeJS.ProcessEnv, beside?: RelayWorker): Promise<Subgraph> {
  const config = loadConfig(tweetConfig, env);
  const log = createLog('tweet');
  const database = connectDatabase({
    url: config.TWEET_DATABASE_URL,
    replicaUrl: config.TWEET_DATABASE_REPLICA_URL,
    name: 'roost tweet',
    log,
  });
  const { primary } = database;
  const waker = createOutboxWaker(primary, outboxChannel('tweets'), beside?.ring);

  const stores = createStores({
    database,
    withNewIds: createNewIds(primary, 'tweets'),
    wake: () => waker.wake(),
  });
  const live = openLive({
    gate: createLiveGate(primary),
    countsOf: stores.cards.countsOf,
    readsReplica: (reading) => database.reader(reading) !== primary,
    redisUrl: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    log,
  });
  const limiter = createRateLimiter({
    url: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    scale: config.RATE_LIMIT_SCALE,
    log,
  });

  return {
    name: 'tweet',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    context: ({ caller }): Context => ({
      ...stores,
      caller,
      limiter,
      live,
      loaders: createLoaders({ ...stores, live }, caller),
      addressOf: (page, name) => `${config.PUBLIC_URL}/${page}/${encodeURIComponent(name)}`,
      now: () => new Date(),
    }),
    ready: () => database.ready(),
    stop: async () => {
      await live.stop();
      limiter.close();
      await waker.close();
      await database.close();
    },
  };
}
