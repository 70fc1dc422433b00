import type pg from 'pg';
import type { Logger } from 'pino';
import type { FanOutChunk } from '../../platform/events/fan-out-chunk.ts';
import { READER_TIMEOUT_MS, startLiveReader } from '../../platform/live-log/live-reader.ts';
import { createBreaker } from '../../platform/live-log/redis.ts';
import { createAccountChanges } from './account-changes.ts';
import { createAudits } from './audit.ts';
import { createAuditStore } from './audit-store.ts';
import { timelineKeys } from './buckets.ts';
import { createDeliveries } from './deliveries.ts';
import { createEntryStore } from './entry-store.ts';
import { eraseRows } from './erasure-store.ts';
import { createFanOut } from './fan-out.ts';
import { createFollowChanges } from './follow-changes.ts';
import { createHomeTimeline } from './home-timeline.ts';
import { createLists, LIST_SIZE, type ListSize } from './home-timeline-list.ts';
import { createLiveHome } from './live-home.ts';
import { createLiveLog } from './live-log.ts';
import { createLiveReceipts } from './live-receipts.ts';
import { createPlacements } from './placements.ts';
import { createPlacementStore } from './placement-store.ts';
import { createReadPositions } from './read-position.ts';
import { createReadPositionStore } from './read-position-store.ts';
import { createReceiptStore } from './receipt-store.ts';
import { createReceipts } from './receipts.ts';
import { createRebuilder } from './rebuild.ts';
import { connectRedis } from './redis.ts';
import { createTweetDeliveries } from './tweet-delivery.ts';
import { createVisibilityGate } from './visibility-gate.ts';

export interface AssemblyOptions {
  primary: pg.Pool;
  redisUrl: string;
  keyPrefix: string;
  size?: ListSize;
  readTimeoutMs?: number;
  log: Logger;
}

export interface DeliveryOptions extends AssemblyOptions {
  sendChunks: (chunks: FanOutChunk[]) => Promise<void>;
  /** Followers of one part of the fan-out. */
  chunkSize?: number;
}

/** A read that Redis keeps waiting is better off with Postgres. */
const READ_TIMEOUT_MS = 300;
/** Work that nobody waits for; what takes longer is tried again. */
const WORK_TIMEOUT_MS = 5000;

const connector =
  ({ redisUrl, log }: AssemblyOptions) =>
  (name: string, timeoutMs: number, inOneWrite = false) =>
    connectRedis(redisUrl, { name: `roost-timeline-${name}`, timeoutMs, inOneWrite, log });

/**
 * What answers readers and streams, put together. Three connections to Redis: reads must not queue behind a list that
 * is being built, and the reader of the live logs waits on its own.
 */
export function assembleReading(options: AssemblyOptions) {
  const { primary, keyPrefix, size = LIST_SIZE, readTimeoutMs = READ_TIMEOUT_MS, log } = options;
  const keys = timelineKeys(keyPrefix);
  const now = Date.now;
  const connect = connector(options);
  const readRedis = connect('read', readTimeoutMs);
  const workRedis = connect('build', WORK_TIMEOUT_MS);
  const logRedis = connect('log', READER_TIMEOUT_MS);

  const store = createEntryStore(primary);
  const gate = createVisibilityGate(primary);
  const rebuilder = createRebuilder({ lists: createLists(workRedis, keys), store, size, now, log });
  const lists = createLists(readRedis, keys);
  const guard = createBreaker();
  const home = createHomeTimeline({
    lists,
    guard,
    store,
    gate,
    rebuilder,
    now,
    log,
  });
  const liveLog = createLiveLog(workRedis, keys);
  const liveReceipts = createLiveReceipts(workRedis, keys, now, log);
  const live = createLiveHome({
    liveLog,
    reader: () => reader,
    gate,
    timeline: home,
    receipts: liveReceipts,
    now,
    log,
  });
  const receipts = createReceipts(readRedis, keys, now);
  const tweetDeliveries = createTweetDeliveries({
    receipts,
    store: createReceiptStore(primary),
    now,
    log,
  });
  const deliveries = createDeliveries(workRedis, keys, size);
  const reader = startLiveReader({
    redis: logRedis,
    keys,
    liveLog,
    viewersIn: live.viewersIn,
    onAnnouncements: live.announce,
    onLost: live.lose,
    now,
    log,
  });

  return {
    home,
    live,
    gate,
    rebuilder,
    tweetDeliveries,
    liveReceipts,
    placements: createPlacements({ store: createPlacementStore(primary), lists, guard, size, log }),
    readPositions: createReadPositions({
      store: createReadPositionStore(primary),
      timeline: home,
      deliveries,
      now,
      log,
    }),
    audits: createAudits({
      lists,
      receipts,
      rebuilder,
      deliveries,
      store: createAuditStore(primary),
      gate,
      size,
      now,
      log,
    }),
    stop: async () => {
      live.stop();
      tweetDeliveries.stop();
      await Promise.all([reader.stop(), rebuilder.stop(), liveReceipts.flush()]);
      for (const redis of [readRedis, workRedis, logRedis]) redis.close();
    },
  };
}

/** What brings news to lists and live logs, put together. Its consumers are stopped first. */
export function assembleDelivery(options: DeliveryOptions) {
  const { primary, keyPrefix, sendChunks, chunkSize, size = LIST_SIZE, log } = options;
  const keys = timelineKeys(keyPrefix);
  // Many tweets are on their way at once, each with several short scripts.
  const redis = connector(options)('work', WORK_TIMEOUT_MS, true);
  const store = createEntryStore(primary);
  const deliveries = createDeliveries(redis, keys, size);
  const lists = createLists(redis, keys);
  const now = Date.now;
  const rebuilder = createRebuilder({ lists, store, size, now, log });
  const receipts = createReceipts(redis, keys, now);
  const auditStore = createAuditStore(primary);
  const audits = createAudits({
    lists,
    receipts,
    rebuilder,
    deliveries,
    store: auditStore,
    gate: createVisibilityGate(primary),
    size,
    now,
    log,
  });
  return {
    rebuilder,
    rounds: { audits, store: auditStore, lists, now, log },
    receipts,
    receiptStore: createReceiptStore(primary),
    fanOut: createFanOut({
      followers: store,
      deliveries,
      receipts,
      sendChunks,
      ...(chunkSize !== undefined && { chunkSize }),
    }),
    ...createFollowChanges({ deliveries, rebuilder }),
    ...createAccountChanges({
      store,
      deliveries,
      lists,
      eraseRows: (userId) => eraseRows(primary, userId),
      now,
    }),
    stop: async () => {
      await rebuilder.stop();
      redis.close();
    },
  };
}
