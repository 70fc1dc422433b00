import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import type { RelayWorker } from '../worker.ts';
import { followWorkerConfig } from './config.ts';

/** The relay that tells the others who follows whom. */
export async function startFollowWorker(env: NodeJS.ProcessEnv): Promise<RelayWorker> {
  const config = loadConfig(followWorkerConfig, env);
  const log = createLog('follow');
  const databaseUrl = config.FOLLOW_DATABASE_URL;
  const database = connectDatabase({ url: databaseUrl, name: 'roost follow worker', log });
  const relay = startOutboxRelay({
    databaseUrl,
    schema: 'follows',
    kafka: {
      brokers: config.KAFKA_BROKERS,
      clientId: 'roost-follow',
      topicPrefix: config.KAFKA_TOPIC_PREFIX,
    },
    log,
  });
  return {
    ring: relay.ring,
    ready: () => database.ready(),
    stop: async () => {
      await relay.stop();
      await database.close();
    },
  };
}
