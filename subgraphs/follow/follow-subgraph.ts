import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import { followConfig } from './config.ts';
import type { Context } from './context.ts';
import { createFollowStore } from './follow-store.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Who follows whom. Also runs the relay that tells the others of it. */
export async function startFollowSubgraph(env: NodeJS.ProcessEnv): Promise<Subgraph> {
  const config = loadConfig(followConfig, env);
  const log = createLog('follow');
  const database = connectDatabase({
    url: config.FOLLOW_DATABASE_URL,
    replicaUrl: config.FOLLOW_DATABASE_REPLICA_URL,
    name: 'roost follow',
    log,
  });
  const kafka = {
    brokers: config.KAFKA_BROKERS,
    clientId: 'roost-follow',
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
  };
  const relay = startOutboxRelay({
    databaseUrl: config.FOLLOW_DATABASE_URL,
    schema: 'follows',
    kafka,
    log,
  });
  const waker = createOutboxWaker(database.primary, outboxChannel('follows'), relay.ring);
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
      await relay.stop();
      await waker.close();
      await database.close();
    },
  };
}
