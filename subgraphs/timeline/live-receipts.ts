import type { Logger } from 'pino';
import { madeAt, type Id } from '../../platform/ids.ts';
import type { TimelineKeys } from './buckets.ts';
import { stepOf } from './latency.ts';
import type { RedisConnection } from './redis.ts';

/** Counts, for the authors of tweets, on whose open streams these were put. */
export interface LiveReceipts {
  /** Returns at once; counted within moments, or not at all while Redis is away. */
  saw(viewerId: Id, tweetId: Id): void;
  /** Counts what waits. */
  flush(): Promise<void>;
}

/** One call for each tweet in this time, however many streams it was put on. */
const FLUSH_MS = 200;

/** What is told later is no longer live: a redelivery, or a fan-out that stood still. */
const LIVE_MS = 10 * 60 * 1000;

/** Who was counted is known for longer than anybody is, so nobody is counted twice. */
const WHO_SECONDS = 20 * 60;
const LIVES_SECONDS = 2 * 60 * 60;

export function createLiveReceipts(
  redis: RedisConnection,
  keys: TimelineKeys,
  now: () => number,
  log: Logger,
): LiveReceipts {
  let waiting = new Map<Id, (string | number)[]>();
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const seen = waiting;
    waiting = new Map();
    const counting = [...seen].map(([tweetId, values]) =>
      redis.seeReceipt(
        [keys.liveReceipt(tweetId), keys.seenReceipt(tweetId)],
        [LIVES_SECONDS, WHO_SECONDS, now(), ...values],
      ),
    );
    await Promise.all(counting).catch((err: unknown) =>
      log.debug({ err }, 'live deliveries are not counted'),
    );
  };

  return {
    flush,
    saw: (viewerId, tweetId) => {
      const ms = now() - madeAt(tweetId);
      if (ms > LIVE_MS) return;
      const values = waiting.get(tweetId) ?? [];
      values.push(viewerId, stepOf(ms));
      waiting.set(tweetId, values);
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
  };
}
