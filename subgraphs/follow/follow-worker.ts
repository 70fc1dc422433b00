import { AccountDeleted } from '../../platform/events/account-deleted.ts';
import { AccountProtectionChanged } from '../../platform/events/account-protection-changed.ts';
import { startConsumer } from '../../platform/messaging/consumer.ts';
import { on } from '../../platform/messaging/delivery.ts';
import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import type { RelayWorker } from '../worker.ts';
import { approveWaiting } from './approve-waiting.ts';
import { startChores } from './chores.ts';
import { followWorkerConfig } from './config.ts';
import { askErasure } from './erasure.ts';

/** The relay that tells the others who follows whom, the consumer of accounts that open or end, and the chores. */
export async function startFollowWorker(env: NodeJS.ProcessEnv): Promise<RelayWorker> {
  const config = loadConfig(followWorkerConfig, env);
  const log = createLog('follow');
  const databaseUrl = config.FOLLOW_DATABASE_URL;
  const database = connectDatabase({ url: databaseUrl, name: 'roost follow worker', log });
  const { primary } = database;
  const kafka = {
    brokers: config.KAFKA_BROKERS,
    clientId: 'roost-follow',
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
  };
  const relay = startOutboxRelay({ databaseUrl, schema: 'follows', kafka, log });
  const stopping = new AbortController();
  const waker = createOutboxWaker(primary, outboxChannel('follows'), relay.ring);
  const work = { primary, wake: () => waker.wake(), signal: stopping.signal };
  const chores = startChores(work, log);
  const consumer = startConsumer({
    kafka,
    log,
    group: 'follow-accounts',
    handlers: [
      on(AccountProtectionChanged, async ({ data }) => {
        if (!data.isProtected) await approveWaiting(work, data.userId);
      }),
      on(AccountDeleted, async ({ data }) => {
        await askErasure(primary, data.userId);
        chores.erase();
      }),
    ],
  });
  return {
    ring: relay.ring,
    ready: () => database.ready(),
    stop: async () => {
      stopping.abort();
      await Promise.all([consumer.stop(), chores.stop()]);
      await waker.close();
      await relay.stop();
      await database.close();
    },
  };
}
