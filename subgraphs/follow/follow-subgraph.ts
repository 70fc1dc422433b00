import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import type { RelayWorker } from '../worker.ts';
import { followConfig } from './config.ts';
import type { Context } from './context.ts';
import { createFollowStore } from './follow-store.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/**
 * Who follows whom.
 * @param beside the worker of this process, where it has one.
 */
export async function startFollowSubgraph(env: NodeJS.ProcessEnv, beside?: RelayWorker): Promise<Subgraph> {
  const config = loadConfig(followConfig, env);
  const log = createLog('follow');
  const database = connectDatabase({
    url: config.FOLLOW_DATABASE_URL,
    replicaUrl: config.FOLLOW_DATABASE_REPLICA_URL,
    name: 'roost follow',
    log,
  });
  const waker = createOutboxWaker(database.primary, outboxChannel('follows'), beside?.ring);
  const follows = createFollowStore(database, () => waker.wake());

  return {
    name: 'follow',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    context: ({ caller }): Context => ({
      caller,
      follows,
      loaders: createLoaders(follows, caller.viewer?.userId ?? null),
      now: () => new Date(),
    }),
    ready: () => database.ready(),
    stop: async () => {
      await waker.close();
      await database.close();
    },
  };
}
