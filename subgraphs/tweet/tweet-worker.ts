import { AccountDeleted } from '../../platform/events/account-deleted.ts';
import { startConsumer } from '../../platform/messaging/consumer.ts';
import { on } from '../../platform/messaging/delivery.ts';
import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import type { RelayWorker } from '../worker.ts';
import { tweetWorkerConfig } from './config.ts';
import { askErasure } from './erasure-store.ts';
import { startErasing } from './erasing-worker.ts';
import { startHousekeeping } from './housekeeping.ts';
import { liveAnnouncements } from './live-consumer.ts';
import { createLiveGate } from './live-gate.ts';
import { createAnnouncer, liveKeys } from './live-log.ts';
import { connectRedis } from './redis.ts';

/** Nobody waits for it; what takes longer is tried again. */
const ANNOUNCE_TIMEOUT_MS = 5000;

/** The relay that tells the others of tweets, what announces them live, what erases deleted accounts, the hourly chores. */
export async function startTweetWorker(env: NodeJS.ProcessEnv): Promise<RelayWorker> {
  const config = loadConfig(tweetWorkerConfig, env);
  const log = createLog('tweet');
  const databaseUrl = config.TWEET_DATABASE_URL;
  const database = connectDatabase({ url: databaseUrl, name: 'roost tweet worker', log });
  const kafka = {
    brokers: config.KAFKA_BROKERS,
    clientId: 'roost-tweet',
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
  };
  const relay = startOutboxRelay({
    databaseUrl,
    schema: 'tweets',
    kafka,
    log,
  });
  const { primary } = database;
  const housekeeping = startHousekeeping(primary, log);
  const waker = createOutboxWaker(primary, outboxChannel('tweets'), relay.ring);
  const erasing = startErasing({ primary, wake: () => waker.wake() }, log);
  const redis = connectRedis(config.REDIS_URL, {
    name: 'roost-tweet-announce',
    timeoutMs: ANNOUNCE_TIMEOUT_MS,
    log,
  });
  const forget = on(AccountDeleted, async ({ data }) => {
    await askErasure(primary, data.userId);
    erasing.now();
  });
  const announce = liveAnnouncements({
    announcer: createAnnouncer(redis, liveKeys(config.REDIS_KEY_PREFIX)),
    gate: createLiveGate(primary),
    now: Date.now,
  });
  // Groups of their own, so that none waits behind another.
  const consumers = [
    startConsumer({ kafka, group: 'tweet-accounts', handlers: [forget], log }),
    startConsumer({ kafka, group: 'tweet-live', handlers: announce, log }),
  ];
  return {
    ring: relay.ring,
    ready: () => database.ready(),
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await erasing.stop();
      await waker.close();
      redis.close();
      await housekeeping.stop();
      await relay.stop();
      await database.close();
    },
  };
}
