import type pg from 'pg';
import type { Logger } from 'pino';
import type { FanOutChunk } from '../../platform/events/fan-out-chunk.ts';
import { timelineKeys } from './buckets.ts';
import { createDeliveries } from './deliveries.ts';
import { createEntryStore } from './entry-store.ts';
import { createFanOut } from './fan-out.ts';
import { createFollowChanges } from './follow-changes.ts';
import { createHomeTimeline } from './home-timeline.ts';
import { createLists, LIST_SIZE, type ListSize } from './home-timeline-list.ts';
import { createLiveHome } from './live-home.ts';
import { createLiveLog } from './live-log.ts';
import { READER_TIMEOUT_MS, startLiveReader } from './live-reader.ts';
import { createRebuilder } from './rebuild.ts';
import { connectRedis, createBreaker } from './redis.ts';
import { createVisibilityGate } from './visibility-gate.ts';

export interface AssemblyOptions {
  primary: pg.Pool;
  redisUrl: string;
  keyPrefix: string;
  sendChunks: (chunks: FanOutChunk[]) => Promise<void>;
  /** Followers of one part of the fan-out. */
  chunkSize?: number;
  size?: ListSize;
  log: Logger;
}

/** A read that Redis keeps waiting is better off with Postgres. */
const READ_TIMEOUT_MS = 300;
/** Work that nobody waits for; what takes longer is tried again. */
const WORK_TIMEOUT_MS = 5000;

/**
 * All parts of home timelines, put together. Three connections to Redis: reads must not queue behind a fan-out, and
 * the reader of the live logs waits on its own.
 */
export function assembleTimelines({
  primary,
  redisUrl,
  keyPrefix,
  sendChunks,
  chunkSize,
  size = LIST_SIZE,
  log,
}: AssemblyOptions) {
  const keys = timelineKeys(keyPrefix);
  const now = Date.now;
  const connect = (name: string, timeoutMs: number) =>
    connectRedis(redisUrl, { name: `roost-timeline-${name}`, timeoutMs, log });
  const readRedis = connect('read', READ_TIMEOUT_MS);
  const workRedis = connect('work', WORK_TIMEOUT_MS);
  const logRedis = connect('log', READER_TIMEOUT_MS);

  const store = createEntryStore(primary);
  const gate = createVisibilityGate(primary);
  const deliveries = createDeliveries(workRedis, keys, size);
  const rebuilder = createRebuilder({ lists: createLists(workRedis, keys), store, size, now, log });
  const home = createHomeTimeline({
    lists: createLists(readRedis, keys),
    guard: createBreaker(),
    store,
    gate,
    rebuilder,
    now,
    log,
  });
  const liveLog = createLiveLog(workRedis, keys);
  const live = createLiveHome({ liveLog, reader: () => reader, gate, timeline: home, now, log });
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
    fanOut: createFanOut({
      followers: store,
      deliveries,
      sendChunks,
      ...(chunkSize !== undefined && { chunkSize }),
    }),
    followChanged: createFollowChanges({ deliveries, rebuilder }),
    /** Consumers first: they use it. */
    stop: async () => {
      live.stop();
      await Promise.all([reader.stop(), rebuilder.stop()]);
      for (const redis of [readRedis, workRedis, logRedis]) redis.close();
    },
  };
}

export type Timelines = ReturnType<typeof assembleTimelines>;
