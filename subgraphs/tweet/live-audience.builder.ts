import type { EventDefinition } from '../../platform/events/define-event.ts';
import type { Id } from '../../platform/ids.ts';
import type { GapStream } from '../../platform/live-log/gap-stream.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import { createLog } from '../../platform/process/log.ts';
import { until } from '../../tests/until.ts';
import { liveAnnouncements } from './live-consumer.ts';
import type { LiveEvent } from './live-event.ts';
import { createLiveGate, type LiveGate } from './live-gate.ts';
import {
  BUCKET,
  createAnnouncer,
  createTweetLog,
  liveKeys,
  type Announcer,
  type LiveKeys,
} from './live-log.ts';
import { openLive, type Live } from './live.ts';
import { connectRedis, type RedisConnection } from './redis.ts';
import { aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';

/** A stream that is read as fast as it tells. */
export interface Followed {
  stream: GapStream<LiveEvent>;
  /** All that it told until now. */
  events: LiveEvent[];
}

/** Those who follow streams, and what they hear of the tweets on a database of their own. */
export interface LiveAudience {
  stores: TweetStores;
  live: Live;
  redis: RedisConnection;
  keys: LiveKeys;
  announcer: Announcer;
  gate: LiveGate;
  /** Another one, that reaches Redis at that address, and Postgres by that gate. */
  liveBy(redisUrl: string, gate?: LiveGate): Live;
  /** Where the log stands. */
  place(): Promise<LogPlace>;
  /** @param viewerId null is signed out, here and below. */
  tweets(viewerId: Id | null, ids: Id[], after?: LogPlace | null): Followed;
  conversation(viewerId: Id | null, tweetId: Id, after?: LogPlace | null): Followed;
  follow(stream: GapStream<LiveEvent>): Followed;
  /** A stream that is read by `read` alone. */
  holding(stream: GapStream<LiveEvent>): GapStream<LiveEvent>;
  /** Delivers the events written since, in the order that `arrange` gives them. */
  settle(arrange?: <T>(events: T[]) => T[]): Promise<void>;
  /** Delivers an event of another subgraph. */
  happen<T>(event: EventDefinition<T>, data: T): Promise<void>;
  /** Nothing more comes: whatever was announced before a marker is told before it. */
  untilQuiet(): Promise<void>;
  /** Ends the streams. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export async function openLiveAudience(): Promise<LiveAudience> {
  const stores = await openTweetStores();
  const { REDIS_URL, REDIS_KEY_PREFIX } = stores.env;
  const log = createLog('test');
  const ownGate = createLiveGate(stores.database.primary);
  const opened: Live[] = [];
  const streams: GapStream<LiveEvent>[] = [];

  const liveBy = (redisUrl: string, gate = ownGate): Live => {
    const { countsOf } = stores.cards;
    const each = openLive({
      gate,
      countsOf,
      readsReplica: () => false,
      redisUrl,
      keyPrefix: REDIS_KEY_PREFIX,
      // Redis waits for its disk now and then, which others use too: longer than people are to wait for it.
      askTimeoutMs: 10_000,
      log,
    });
    opened.push(each);
    return each;
  };
  const live = liveBy(REDIS_URL);
  const keys = liveKeys(REDIS_KEY_PREFIX);
  const redis = connectRedis(REDIS_URL, { name: 'test', timeoutMs: 5000, log });
  const announcer = createAnnouncer(redis, keys);
  const handlers = liveAnnouncements({ announcer, gate: ownGate, now: Date.now });
  const place = () => live.place({ readsOwnWrites: true });
  await until('Redis answers', async () => {
    await createTweetLog(redis, keys).attend(BUCKET, []);
    return (await place()).epoch !== '0';
  });

  /** Has an event announced, as its consumer would. */
  const handle = async (name: string, payload: Buffer) => {
    const handler = handlers.find((each) => each.name === name);
    const envelope = { id: '1', name, key: '1', occurredAtMs: Date.now(), payload };
    await handler?.read(envelope, { group: 'test', topic: handler.topic, partition: 0, offset: '0' })();
  };
  const settle = async (arrange = <T>(events: T[]) => events) => {
    const { rows } = await stores.admin.query<{ name: string; payload: Buffer }>(
      'WITH sent AS (DELETE FROM tweets.outbox RETURNING id, name, payload) SELECT * FROM sent ORDER BY id',
    );
    for (const { name, payload } of arrange(rows)) await handle(name, payload);
  };

  const holding = (stream: GapStream<LiveEvent>) => {
    streams.push(stream);
    return stream;
  };
  const follow = (stream: GapStream<LiveEvent>): Followed => {
    const events: LiveEvent[] = [];
    void (async () => {
      for await (const event of holding(stream)) events.push(event);
    })();
    return { events, stream };
  };
  const conversation: LiveAudience['conversation'] = (viewerId, tweetId, after = null) =>
    follow(live.conversation(viewerId, tweetId, after));

  return {
    stores,
    live,
    redis,
    keys,
    announcer,
    gate: ownGate,
    liveBy,
    place,
    tweets: (viewerId, ids, after = null) => follow(live.tweets(viewerId, new Set(ids), after)),
    conversation,
    follow,
    holding,
    settle,
    happen: (event, data) => handle(event.name, event.encode(data)),
    untilQuiet: async () => {
      const marker = await aTweet(stores.tweets);
      const marked = conversation(null, marker.id, await place());
      const reply = await aTweet(stores.tweets, { parent: marker });
      await settle();
      await until('the marker is told', () => told(marked).some(([, id]) => id === reply.id));
      await marked.stream.return();
    },
    leave: async () => {
      await Promise.all(streams.splice(0).map((stream) => stream.return()));
    },
    close: async () => {
      await Promise.all(opened.map((each) => each.stop()));
      redis.close();
      await stores.close();
    },
  };
}

/** What kind each event is, and of which tweet. */
export const told = ({ events }: Followed) =>
  events.map((event) => {
    if ('tweet' in event) return [event.kind, event.tweet.id];
    return event.kind === 'removed' ? [event.kind, event.tweetId] : [event.kind];
  });

export const untilTold = ({ events }: Followed, count: number) =>
  until(`${count} events are told`, () => events.length >= count);

/** The next events of a stream that is read slowly. */
export async function read(stream: GapStream<LiveEvent>, count: number): Promise<unknown[]> {
  const events: unknown[] = [];
  while (events.length < count) events.push((await stream.next()).value);
  return events;
}
