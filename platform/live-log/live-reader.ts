import type { Logger } from 'pino';
import { pause } from '../messaging/keep-trying.ts';
import { RETENTION_MS, type LiveLog, type Logged, type LogKeys, type LogPlace } from './live-log.ts';
import type { RedisConnection } from './redis.ts';

/** Reads the live logs of buckets, once for all who listen to them in this process. */
export interface LiveReader {
  /** Reads a bucket from a place on, unless it is read already. */
  follow(bucket: number, place: LogPlace): void;
  unfollow(bucket: number): void;
  stop(): Promise<void>;
}

export interface LiveReaderDeps<A> {
  /** A connection of its own, since it waits on it. */
  redis: RedisConnection;
  keys: LogKeys;
  liveLog: LiveLog<A>;
  /** Who is present in a bucket, as its log is told from time to time. */
  viewersIn: (bucket: number) => readonly string[];
  /** In the order of each log. Nothing more is read until it resolves, so what comes meanwhile comes together. */
  onAnnouncements: (byBucket: Map<number, Logged<A>[]>) => Promise<void>;
  /** What was announced since then may be lost; the log goes on from `place`. */
  onLost: (bucket: number, sinceMs: number, place: LogPlace) => void;
  now: () => number;
  log: Logger;
}

/** A bucket that is added while the reader waits is read so much later, once. */
const BLOCK_MS = 100;
const MOST_AT_ONCE = 500;
/** Viewers stay present, and an epoch that ended while nothing was announced is noticed. */
const RENEW_INTERVAL_MS = 60_000;
const RETRY_MS = 200;

/** The connection's deadline has to be longer than the reader waits. */
export const READER_TIMEOUT_MS = 5000;

export function startLiveReader<A>(deps: LiveReaderDeps<A>): LiveReader {
  const { redis, keys, liveLog, viewersIn, onAnnouncements, onLost, now, log } = deps;
  /** Where each bucket was read to; `atMs`: when nothing behind it was there. */
  const followed = new Map<number, LogPlace>();
  const stopping = new AbortController();
  let added = Promise.withResolvers<void>();
  let renewAtMs = now() + RENEW_INTERVAL_MS;
  let isWell = true;
  // A connection anew may be to another life of Redis.
  redis.client.on('ready', () => {
    renewAtMs = 0;
  });

  const run = async () => {
    while (!stopping.signal.aborted) {
      if (followed.size === 0) {
        await added.promise;
        continue;
      }
      try {
        if (now() >= renewAtMs) {
          renewAtMs = now() + RENEW_INTERVAL_MS;
          await Promise.all([...followed.keys()].map(renew));
        }
        await readOn();
        isWell = true;
      } catch (err) {
        if (isWell) log.warn({ err }, 'live logs are out of reach');
        isWell = false;
        renewAtMs = 0;
        await pause(RETRY_MS, stopping.signal);
      }
    }
  };

  /** Says again who is present, and notices when the log is not the one that was read. */
  async function renew(bucket: number): Promise<void> {
    const place = await liveLog.attend(bucket, viewersIn(bucket));
    const read = followed.get(bucket);
    if (read === undefined) return;
    const isTrimmed = place.atMs - read.atMs > RETENTION_MS;
    if (place.epoch === read.epoch && !isTrimmed) return;
    followed.set(bucket, place);
    onLost(bucket, read.atMs, place);
  }

  async function readOn(): Promise<void> {
    const asked = new Map([...followed].map(([bucket, place]) => [keys.log(bucket), { bucket, place }]));
    const askedAtMs = now();
    const positions = [...asked.values()].map(({ place }) => place.position);
    const streams = [...asked.keys(), ...positions];
    const reply = await redis.client.xread('COUNT', MOST_AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', ...streams);

    const news = new Map<number, Logged<A>[]>();
    for (const [key, entries] of reply ?? []) {
      const { bucket, place } = asked.get(key) ?? {};
      if (bucket === undefined || place === undefined || !followed.has(bucket)) continue;
      const announcements = entries.map(liveLog.read);
      if (announcements.some((each) => 'epoch' in each && each.epoch !== place.epoch)) {
        await renew(bucket);
        continue;
      }
      news.set(bucket, announcements);
    }
    for (const { bucket, place } of asked.values()) {
      const last = news.get(bucket)?.at(-1)?.position;
      // Unless it was renewed or left meanwhile.
      if (followed.get(bucket) === place) {
        followed.set(bucket, { ...place, position: last ?? place.position, atMs: askedAtMs });
      }
    }
    if (news.size > 0) await onAnnouncements(news);
  }

  const running = run();
  return {
    follow: (bucket, place) => {
      if (followed.has(bucket)) return;
      followed.set(bucket, place);
      added.resolve();
      added = Promise.withResolvers();
    },
    unfollow: (bucket) => void followed.delete(bucket),
    stop: async () => {
      stopping.abort();
      added.resolve();
      await running;
    },
  };
}
