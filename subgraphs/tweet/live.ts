import type { Logger } from 'pino';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import { READER_TIMEOUT_MS, startLiveReader } from '../../platform/live-log/live-reader.ts';
import { createBreaker } from '../../platform/live-log/redis.ts';
import type { CardStore } from './card-store.ts';
import { unknownPlace } from './live-event.ts';
import type { LiveGate } from './live-gate.ts';
import { BUCKET, createTweetLog, liveKeys } from './live-log.ts';
import { createLiveStreams, type LiveStreams } from './live-streams.ts';
import { connectRedis } from './redis.ts';

export interface Live extends Pick<LiveStreams, 'tweets' | 'conversation'> {
  /**
   * Where the log stands: whatever is written from now on is announced behind it. While Redis is out of reach, a place
   * that resumes with a gap.
   */
  place(reading: { readsOwnWrites: boolean }): Promise<LogPlace>;
  stop(): Promise<void>;
}

export interface LiveOptions {
  gate: LiveGate;
  countsOf: CardStore['countsOf'];
  /** Whether lists are read where the last writes may be missing. */
  readsReplica: (reading: { readsOwnWrites: boolean }) => boolean;
  redisUrl: string;
  keyPrefix: string;
  askTimeoutMs?: number;
  log: Logger;
}

/** A page that asks where the log stands is better off without knowing than late. */
const ASK_TIMEOUT_MS = 300;

/** What was announced already may be missing on a replica; one further behind than this is not read. */
const REPLICA_LAG_MS = 5000;

/** What follows tweets for clients, put together. Two connections to Redis: the reader of the log waits on its own. */
export function openLive({
  gate,
  countsOf,
  readsReplica,
  redisUrl,
  keyPrefix,
  askTimeoutMs = ASK_TIMEOUT_MS,
  log,
}: LiveOptions): Live {
  const keys = liveKeys(keyPrefix);
  const now = Date.now;
  const askRedis = connectRedis(redisUrl, { name: 'roost-tweet-ask', timeoutMs: askTimeoutMs, log });
  const logRedis = connectRedis(redisUrl, { name: 'roost-tweet-log', timeoutMs: READER_TIMEOUT_MS, log });
  const tweetLog = createTweetLog(askRedis, keys);
  const guard = createBreaker();
  const streams = createLiveStreams({ tweetLog, reader: () => reader, gate, countsOf, now, log });
  const reader = startLiveReader({
    redis: logRedis,
    keys,
    liveLog: tweetLog,
    viewersIn: () => [],
    onAnnouncements: streams.announce,
    onLost: streams.lose,
    now,
    log,
  });
  return {
    tweets: streams.tweets,
    conversation: streams.conversation,
    place: async (reading) => {
      try {
        const place = await guard(() => tweetLog.attend(BUCKET, []));
        return readsReplica(reading) ? earlier(place, REPLICA_LAG_MS) : place;
      } catch (err) {
        log.debug({ err }, 'where the live log stands is unknown');
        return unknownPlace(now());
      }
    },
    stop: async () => {
      streams.stop();
      await reader.stop();
      for (const redis of [askRedis, logRedis]) redis.close();
    },
  };
}

const earlier = (place: LogPlace, ms: number): LogPlace => {
  const [positionMs = '0'] = place.position.split('-');
  return { ...place, position: `${Math.max(0, Number(positionMs) - ms)}-0` };
};
