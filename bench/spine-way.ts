import { Redis } from 'ioredis';
import type { Id } from '../platform/ids.ts';
import type { KafkaOptions } from '../platform/messaging/kafka.ts';
import { bucketOf, timelineKeys } from '../subgraphs/timeline/buckets.ts';
import type { TestDatabase } from '../tests/databases.ts';
import { listen } from './kafka-hop.ts';

/** When a post was seen on its way, by `performance.now()`. */
export interface Marks {
  /** The relay has read the committed outbox row, and sends it. To a whole millisecond. */
  sentAtMs: number;
  /** A consumer of the topic, in a group of its own, has the event. */
  consumedAtMs: number;
  /** The announcement is on the reader's live log. */
  announcedAtMs: number;
}

export interface Way {
  /** The marks of the next post. One post at a time. */
  marks(): Promise<Marks>;
  close(): Promise<void>;
}

/**
 * Stands beside the way of a tweet and looks at what passes, from outside of the process that does the work: a second
 * consumer, a second reader of the log. They cost something themselves, so posts that are timed go unwatched.
 */
export async function watchWay({
  env,
  kafka,
  readerId,
}: {
  env: TestDatabase['env'];
  kafka: KafkaOptions;
  readerId: Id;
}): Promise<Way> {
  let [sent, consumed, announced] = [mark(), mark(), mark()];

  const ear = await listen(kafka, 'way', 'tweets', (atMs, sentAtMs) => {
    sent.resolve(sentAtMs);
    consumed.resolve(atMs);
  });

  const redis = new Redis(env.REDIS_URL);
  const log = timelineKeys(env.REDIS_KEY_PREFIX).log(bucketOf(readerId));
  let position = (await redis.xrevrange(log, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0';
  const follow = async () => {
    for (;;) {
      const reply = await redis.xread('BLOCK', 0, 'STREAMS', log, position);
      announced.resolve(performance.now());
      position = reply?.[0]?.[1].at(-1)?.[0] ?? position;
    }
  };
  // Ends with its connection.
  const following = follow().catch(() => undefined);

  return {
    marks: async () => {
      [sent, consumed, announced] = [mark(), mark(), mark()];
      const [sentAtMs, consumedAtMs, announcedAtMs] = await Promise.all([
        sent.promise,
        consumed.promise,
        announced.promise,
      ]);
      return { sentAtMs, consumedAtMs, announcedAtMs };
    },
    close: async () => {
      redis.disconnect();
      await following;
      await ear.close();
    },
  };
}

const mark = () => Promise.withResolvers<number>();
