import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import type { RelayWorker } from '../worker.ts';
import { userWorkerConfig } from './config.ts';
import { pruneSessions } from './session-store.ts';

/** What ran out is refused at once; its rows may lie for so long. */
const PRUNE_INTERVAL_MS = 60 * 60 * 1000;

/** The relay that tells the others of new accounts, and the removal of sessions that ended long ago. */
export async function startUserWorker(env: NodeJS.ProcessEnv): Promise<RelayWorker> {
  const config = loadConfig(userWorkerConfig, env);
  const log = createLog('user');
  const databaseUrl = config.USER_DATABASE_URL;
  const database = connectDatabase({ url: databaseUrl, name: 'roost user worker', log });
  const relay = startOutboxRelay({
    databaseUrl,
    schema: 'users',
    kafka: { brokers: config.KAFKA_BROKERS, clientId: 'roost-user', topicPrefix: config.KAFKA_TOPIC_PREFIX },
    log,
  });
  const pruning = setInterval(() => {
    pruneSessions(database.primary).catch((err: unknown) => log.warn({ err }, 'old sessions not deleted'));
  }, PRUNE_INTERVAL_MS).unref();
  return {
    ring: relay.ring,
    ready: () => database.ready(),
    stop: async () => {
      clearInterval(pruning);
      await relay.stop();
      await database.close();
    },
  };
}
