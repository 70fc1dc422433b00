import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import type { RelayWorker } from '../worker.ts';
import { followConfig } from './config.ts';
import type { Context } from './context.ts';
import { createDistanceStore } from './distance-store.ts';
import { createFollowStore } from './follow-store.ts';
import { createLimits } from './limits.ts';
import { createListStore } from './list-store.ts';
import { createLoaders } from './loaders.ts';
import { createRelationStore } from './relation-store.ts';
import { createRequestStore } from './request-store.ts';
import { resolvers } from './resolvers/index.ts';
import { suggest } from './suggestions.ts';

/**
 * Who follows whom, who asked to, and who keeps whom away. It reads the primary alone: all that it reads decides what
 * may be seen.
 * @param beside the worker of this process, where it has one.
 */
export async function startFollowSubgraph(env: NodeJS.ProcessEnv, beside?: RelayWorker): Promise<Subgraph> {
  const config = loadConfig(followConfig, env);
  const log = createLog('follow');
  const database = connectDatabase({ url: config.FOLLOW_DATABASE_URL, name: 'roost follow', log });
  const { primary } = database;
  const waker = createOutboxWaker(primary, outboxChannel('follows'), beside?.ring);
  const limiter = createRateLimiter({
    url: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    scale: config.RATE_LIMIT_SCALE,
    log,
  });

  const wake = () => waker.wake();
  const stores = {
    follows: createFollowStore(primary, wake),
    requests: createRequestStore(primary),
    distances: createDistanceStore(primary, wake),
  };
  const relations = createRelationStore(primary);
  const lists = createListStore(primary);
  const limits = createLimits(limiter);

  return {
    name: 'follow',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    context: ({ caller }): Context => {
      const viewerId = caller.viewer?.userId ?? null;
      return {
        ...stores,
        caller,
        viewerId,
        loaders: createLoaders({ ...stores, relations, lists }, viewerId),
        limits,
        suggest: (...asked) => suggest(primary, ...asked),
        now: () => new Date(),
      };
    },
    ready: () => database.ready(),
    stop: async () => {
      await waker.close();
      limiter.close();
      await database.close();
    },
  };
}
