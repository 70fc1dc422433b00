import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import type { RelayWorker } from '../worker.ts';
import { tweetWorkerConfig } from './config.ts';
import { startHousekeeping } from './housekeeping.ts';

/** The relay that tells the others of tweets, and the hourly chores. */
export async function startTweetWorker(env: NodeJS.ProcessEnv): Promise<RelayWorker> {
  const config = loadConfig(tweetWorkerConfig, env);
  const log = createLog('tweet');
  const databaseUrl = config.TWEET_DATABASE_URL;
  const database = connectDatabase({ url: databaseUrl, name: 'roost tweet worker', log });
  const relay = startOutboxRelay({
    databaseUrl,
    schema: 'tweets',
    kafka: { brokers: config.KAFKA_BROKERS, clientId: 'roost-tweet', topicPrefix: config.KAFKA_TOPIC_PREFIX },
    log,
  });
  const housekeeping = startHousekeeping(database.primary, log);
  return {
    ring: relay.ring,
    ready: () => database.ready(),
    stop: async () => {
      await housekeeping.stop();
      await relay.stop();
      await database.close();
    },
  };
}
