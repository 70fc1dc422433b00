import { Redis } from 'ioredis';
import pg from 'pg';
import type { Id } from '../platform/ids.ts';
import type { KafkaOptions } from '../platform/messaging/kafka.ts';
import { outboxChannel } from '../platform/messaging/outbox.ts';
import { bucketOf, timelineKeys } from '../subgraphs/timeline/buckets.ts';
import type { TestDatabase } from '../tests/databases.ts';
import { listen } from './kafka-hop.ts';

/** When a post was seen on its way, by `performance.now()`. */
export interface Marks {
  /** The relay's wake-up: the tweet and its outbox row are committed. */
  wokenAtMs: number;
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
 * listener, a second consumer, a second reader. They cost something themselves, so posts that are timed go unwatched.
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
  let [woken, consumed, announced] = [mark(), mark(), mark()];

  const bell = new pg.Client({ connectionString: env.TWEET_DATABASE_URL });
  await bell.connect();
  bell.on('notification', () => woken.resolve(performance.now()));
  await bell.query(`LISTEN ${pg.escapeIdentifier(outboxChannel('tweets'))}`);

  const ear = await listen(kafka, 'way', 'tweets', (atMs) => consumed.resolve(atMs));

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
      [woken, consumed, announced] = [mark(), mark(), mark()];
      const [wokenAtMs, consumedAtMs, announcedAtMs] = await Promise.all(
        [woken, consumed, announced].map(({ promise }) => promise),
      );
      return {
        wokenAtMs: wokenAtMs ?? NaN,
        consumedAtMs: consumedAtMs ?? NaN,
        announcedAtMs: announcedAtMs ?? NaN,
      };
    },
    close: async () => {
      redis.disconnect();
      await following;
      await Promise.all([bell.end(), ear.close()]);
    },
  };
}

const mark = () => Promise.withResolvers<number>();
