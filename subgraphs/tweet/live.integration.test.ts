import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventDefinition } from '../../platform/events/define-event.ts';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import type { Id } from '../../platform/ids.ts';
import type { GapStream } from '../../platform/live-log/gap-stream.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import { createLog } from '../../platform/process/log.ts';
import { redisDetour } from '../../tests/redis-detour.ts';
import { until } from '../../tests/until.ts';
import { liveAnnouncements } from './live-consumer.ts';
import { START, type LiveEvent } from './live-event.ts';
import { createLiveGate } from './live-gate.ts';
import { BUCKET, createAnnouncer, createTweetLog, liveKeys } from './live-log.ts';
import { openLive, type Live } from './live.ts';
import { connectRedis, type RedisConnection } from './redis.ts';
import { aTweet, openTweetStores, relations, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';

const QUARTER_HOUR_MS = 15 * 60 * 1000;
const NOW = { readsOwnWrites: true };
const [ada, bob, cyd] = ['1', '2', '3'] as const;

describe('live tweets and conversations', () => {
  let stores: TweetStores;
  let live: Live;
  let redis: RedisConnection;
  const log = createLog('test');
  const open: Live[] = [];
  const streams: GapStream<LiveEvent>[] = [];

  const liveBy = (redisUrl: string): Live => {
    const opened = openLive({
      gate: createLiveGate(stores.database.primary),
      countsOf: stores.cards.countsOf,
      readsReplica: () => false,
      redisUrl,
      keyPrefix: stores.env.REDIS_KEY_PREFIX,
      log,
    });
    open.push(opened);
    return opened;
  };

  beforeAll(async () => {
    stores = await openTweetStores();
    live = liveBy(stores.env.REDIS_URL);
    redis = connectRedis(stores.env.REDIS_URL, { name: 'test', timeoutMs: 5000, log });
    await until('Redis answers', async () => {
      await createTweetLog(redis, keys()).attend(BUCKET, []);
      return (await live.place(NOW)).epoch !== '0';
    });
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.return()));
  });
  afterAll(async () => {
    await Promise.all(open.map((each) => each.stop()));
    redis.close();
    await stores.close();
  });

  const keys = () => liveKeys(stores.env.REDIS_KEY_PREFIX);
  const handlers = () =>
    liveAnnouncements({
      announcer: createAnnouncer(redis, keys()),
      gate: createLiveGate(stores.database.primary),
      now: Date.now,
    });

  /** Has an event announced, as its consumer would. */
  const handle = async (name: string, payload: Buffer) => {
    const handler = handlers().find((each) => each.name === name);
    const envelope = { id: '1', name, key: '1', occurredAtMs: Date.now(), payload };
    await handler?.read(envelope, { group: 'test', topic: handler.topic, partition: 0, offset: '0' })();
  };
  const happen = <T>(event: EventDefinition<T>, data: T) => handle(event.name, event.encode(data));
  /** Delivers what was written since, in the order that `arrange` gives it. */
  const settle = async (arrange = <T>(events: T[]) => events) => {
    const { rows } = await stores.admin.query<{ name: string; payload: Buffer }>(
      'WITH sent AS (DELETE FROM tweets.outbox RETURNING id, name, payload) SELECT * FROM sent ORDER BY id',
    );
    for (const { name, payload } of arrange(rows)) await handle(name, payload);
  };

  /** A stream that is read as fast as it tells. */
  const follow = (stream: GapStream<LiveEvent>) => {
    streams.push(stream);
    const events: LiveEvent[] = [];
    const read = async () => {
      for await (const event of stream) events.push(event);
    };
    return { events, running: read(), stream };
  };
  type Following = ReturnType<typeof follow>;
  const tweets = (viewerId: Id | null, ids: Id[], after: LogPlace | null = null) =>
    follow(live.tweets(viewerId, new Set(ids), after));
  const conversation = (viewerId: Id | null, tweetId: Id, after: LogPlace | null = null) =>
    follow(live.conversation(viewerId, tweetId, after));
  const told = ({ events }: Following) =>
    events.map((event) => {
      if ('tweet' in event) return [event.kind, event.tweet.id];
      return event.kind === 'removed' ? [event.kind, event.tweetId] : [event.kind];
    });
  const untilTold = (following: Following, count: number) =>
    until(`${count} events are told`, () => following.events.length >= count, 10_000);
  /** Nothing more comes: whatever was announced before a marker is told before it. */
  const untilQuiet = async (viewerId: Id | null = null) => {
    const marker = await aTweet(stores.tweets);
    const marked = conversation(viewerId, marker.id, await live.place(NOW));
    const reply = await aTweet(stores.tweets, { parent: marker });
    await settle();
    await until('the marker is told', () => told(marked).some(([, id]) => id === reply.id), 10_000);
    await marked.stream.return();
  };
  const read = async (stream: GapStream<LiveEvent>, count: number) => {
    const events: unknown[] = [];
    while (events.length < count) events.push((await stream.next()).value);
    return events;
  };
  /** Two streams of Bob's for one conversation, which hear together from here on. Only one of them is read. */
  const slowAndQuick = async (root: Tweet) => {
    const place = await live.place(NOW);
    const slow = live.conversation(bob, root.id, place);
    streams.push(slow);
    const quick = conversation(bob, root.id, place);
    await aTweet(stores.tweets, { parent: root });
    await settle();
    await read(slow, 1);
    await untilTold(quick, 1);
    return { slow, quick };
  };
  const countsIn = (event: LiveEvent | undefined) => (event && 'counts' in event ? event.counts : null);
  const like = async (tweet: Tweet, people: number, from = 10) => {
    for (let n = 0; n < people; n++) await stores.reactions.like(tweet, String(from + n), new Date());
  };

  describe('of tweets', () => {
    it('begin with the present counts of each that the viewer may see, and are silent about the others', async () => {
      const seen = await aTweet(stores.tweets, { authorId: ada });
      const hidden = await aTweet(stores.tweets, { authorId: '201' });
      await relations(stores.admin).block('201', bob);
      await like(seen, 3);
      const stream = tweets(bob, [hidden.id, seen.id, '5']);
      await untilTold(stream, 1);
      await like(hidden, 1);
      await settle();
      await untilQuiet();
      expect(told(stream)).toEqual([['counts', seen.id]]);
      expect(countsIn(stream.events[0])).toMatchObject({ likeCount: 3, retweetCount: 0 });
    });

    it('tell of fifty likes in few events, the last with all of them', async () => {
      const tweet = await aTweet(stores.tweets);
      const stream = tweets(null, [tweet.id]);
      await untilTold(stream, 1);
      for (let from = 10; from < 60; from += 10) {
        await like(tweet, 10, from);
        await settle();
      }
      const last = () => countsIn(stream.events.at(-1));
      await until('all likes are told', () => last()?.likeCount === 50, 10_000);
      expect(stream.events.length).toBeLessThanOrEqual(5);
      // However often it was announced, the log keeps the last.
      const entries = await redis.client.xrange(keys().log(BUCKET), '-', '+');
      expect(entries.filter(([, fields]) => fields.includes(tweet.id))).toHaveLength(1);
    });

    it('tell of replies, quotes and retweets as they come and go', async () => {
      const tweet = await aTweet(stores.tweets);
      const stream = tweets(null, [tweet.id]);
      const untilCounts = (wanted: object) =>
        until(
          'the counts are told',
          () => {
            expect(countsIn(stream.events.at(-1))).toEqual({ likeCount: 0, ...wanted });
            return true;
          },
          10_000,
        );
      await untilCounts({ retweetCount: 0, replyCount: 0, quoteCount: 0 });
      const reply = await aTweet(stores.tweets, { authorId: bob, parent: tweet });
      await aTweet(stores.tweets, { authorId: bob, quoted: tweet });
      await stores.reactions.retweet(tweet, cyd);
      await settle();
      await untilCounts({ retweetCount: 1, replyCount: 1, quoteCount: 1 });
      await stores.tweets.delete(reply.id, bob, new Date());
      await stores.reactions.undoRetweet(tweet.id, cyd);
      await settle();
      await untilCounts({ retweetCount: 0, replyCount: 0, quoteCount: 1 });
    });

    it('tell of new words, and of the end', async () => {
      const tweet = await aTweet(stores.tweets, { authorId: ada });
      const stream = tweets(bob, [tweet.id]);
      await untilTold(stream, 1);
      await stores.tweets.edit(tweet.id, ada, { text: 'Gulls, then.', entities: [] }, new Date());
      await settle();
      await untilTold(stream, 2);
      expect(stream.events[1]).toMatchObject({ kind: 'words', tweet: { text: 'Gulls, then.' } });
      await stores.tweets.delete(tweet.id, ada, new Date());
      await settle();
      await untilTold(stream, 3);
      expect(told(stream)[2]).toEqual(['removed', tweet.id]);
    });

    it('take a tweet back as soon as it is hidden, and tell nothing more of it', async () => {
      const hidden = await aTweet(stores.tweets, { authorId: '202' });
      const seen = await aTweet(stores.tweets, { authorId: '203' });
      const stream = tweets(bob, [hidden.id, seen.id]);
      await untilTold(stream, 2);
      await relations(stores.admin).block('202', bob);
      await happen(UserBlocked, { blockerId: '202', blockedId: bob, blockedAtMs: Date.now() });
      await untilTold(stream, 3);
      expect(told(stream)[2]).toEqual(['removed', hidden.id]);
      await like(hidden, 2);
      await settle();
      await untilQuiet();
      expect(stream.events).toHaveLength(3);
    });

    it('take a tweet back with the next event when nobody said that it is hidden', async () => {
      const tweet = await aTweet(stores.tweets, { authorId: '204' });
      const stream = tweets(bob, [tweet.id]);
      await untilTold(stream, 1);
      await relations(stores.admin).block('204', bob);
      await like(tweet, 1);
      await settle();
      await untilTold(stream, 2);
      expect(told(stream)[1]).toEqual(['removed', tweet.id]);
    });

    it('tell nothing of a tweet that was hidden or deleted while it waited for the reader', async () => {
      const hidden = await aTweet(stores.tweets, { authorId: '208' });
      const gone = await aTweet(stores.tweets, { authorId: ada });
      const edited = await aTweet(stores.tweets, { authorId: ada });
      const first = await aTweet(stores.tweets);
      const slow = live.tweets(bob, new Set([first.id, hidden.id, gone.id, edited.id]), null);
      streams.push(slow);
      // The present counts come all at once.
      await read(slow, 1);
      await relations(stores.admin).block('208', bob);
      await stores.tweets.delete(gone.id, ada, new Date());
      await stores.tweets.edit(edited.id, ada, { text: 'Gulls, then.', entities: [] }, new Date());
      expect(await read(slow, 3)).toEqual([
        expect.objectContaining({ kind: 'removed', tweetId: hidden.id }),
        expect.objectContaining({ kind: 'removed', tweetId: gone.id }),
        expect.objectContaining({
          kind: 'counts',
          tweet: expect.objectContaining({ text: 'Gulls, then.' }) as unknown,
        }),
      ]);
    });

    it('go on behind a cursor with only what changed since', async () => {
      const [changed, same, gone] = [
        await aTweet(stores.tweets),
        await aTweet(stores.tweets),
        await aTweet(stores.tweets),
      ];
      const ids = [changed.id, same.id, gone.id];
      const first = tweets(ada, ids);
      await untilTold(first, 3);
      const { place } = first.events[2] as LiveEvent;
      await first.stream.return();
      await like(changed, 2);
      await stores.tweets.delete(gone.id, ada, new Date());
      await settle();
      const resumed = tweets(ada, ids, place);
      await untilTold(resumed, 2);
      await like(changed, 1, 20);
      await settle();
      await untilTold(resumed, 3);
      expect(told(resumed)).toEqual(
        expect.arrayContaining([
          ['counts', changed.id],
          ['removed', gone.id],
          ['counts', changed.id],
        ]),
      );
      expect(countsIn(resumed.events[2])?.likeCount).toBe(3);
    });

    it('go on behind any event of the beginning without losing the rest of it', async () => {
      const [one, two] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
      await like(two, 1);
      await settle();
      const first = tweets(null, [one.id, two.id]);
      await untilTold(first, 2);
      const resumed = tweets(null, [one.id, two.id], (first.events[0] as LiveEvent).place);
      await untilTold(resumed, 1);
      expect(told(resumed)).toEqual([['counts', two.id]]);
    });

    it('tell of a gap once, then of the present, when what happened is not known', async () => {
      const tweet = await aTweet(stores.tweets);
      const running = tweets(null, [tweet.id]);
      await untilTold(running, 1);
      const { place } = running.events[0] as LiveEvent;
      const tooOld = tweets(null, [tweet.id], { ...place, atMs: place.atMs - QUARTER_HOUR_MS - 1000 });
      await untilTold(tooOld, 2);
      expect(told(tooOld)).toEqual([['gap'], ['counts', tweet.id]]);

      const lost = await redis.client.keys(`${stores.env.REDIS_KEY_PREFIX}*`);
      await redis.client.del(lost);
      const afterLoss = tweets(null, [tweet.id], place);
      await untilTold(afterLoss, 2);
      expect(told(afterLoss)).toEqual([['gap'], ['counts', tweet.id]]);
      await like(tweet, 1);
      await settle();
      await untilTold(running, 3);
      expect(told(running)).toEqual([['counts', tweet.id], ['gap'], ['counts', tweet.id]]);
      expect(countsIn(running.events[2])?.likeCount).toBe(1);
    });

    it('begin from Postgres while Redis is away, and tell of a gap when it is back', async () => {
      const tweet = await aTweet(stores.tweets);
      const detour = await redisDetour(stores.env.REDIS_URL);
      const elsewhere = liveBy(detour.url);
      const stream = follow(elsewhere.tweets(null, new Set([tweet.id]), null));
      await untilTold(stream, 1);
      await like(tweet, 1);
      await settle();
      await detour.open();
      await untilTold(stream, 3);
      expect(told(stream)).toEqual([['counts', tweet.id], ['gap'], ['counts', tweet.id]]);
      expect(countsIn(stream.events[2])?.likeCount).toBe(1);
      await like(tweet, 1, 20);
      await settle();
      await until('it goes on', () => countsIn(stream.events.at(-1))?.likeCount === 2, 10_000);
      await elsewhere.stop();
      await detour.close();
    });

    it('settle at once when they are left', async () => {
      const stream = live.tweets(null, new Set([(await aTweet(stores.tweets)).id]), null);
      expect((await stream.next()).done).toBe(false);
      const waiting = stream.next();
      await stream.return();
      expect(await waiting).toEqual({ value: undefined, done: true });
    });
  });

  describe('of conversations', () => {
    it('tell of replies at any depth below a tweet, and of none beside it', async () => {
      const root = await aTweet(stores.tweets, { authorId: ada });
      const reply = await aTweet(stores.tweets, { authorId: bob, parent: root });
      await settle();
      const place = await live.place(NOW);
      const [whole, part] = [conversation(cyd, root.id, place), conversation(null, reply.id, place)];
      const second = await aTweet(stores.tweets, { authorId: ada, parent: reply });
      const beside = await aTweet(stores.tweets, { authorId: cyd, parent: root });
      const third = await aTweet(stores.tweets, { authorId: bob, parent: second });
      await aTweet(stores.tweets, { authorId: bob, quoted: root });
      await settle();
      await untilTold(whole, 3);
      await untilTold(part, 2);
      await untilQuiet();
      expect(told(whole)).toEqual([
        ['reply', second.id],
        ['reply', beside.id],
        ['reply', third.id],
      ]);
      expect(told(part)).toEqual([
        ['reply', second.id],
        ['reply', third.id],
      ]);
    });

    it('never tell of a reply before the one that it answers, whichever is delivered first, and of each once', async () => {
      const root = await aTweet(stores.tweets);
      const stream = conversation(null, root.id, await live.place(NOW));
      const chain = [await aTweet(stores.tweets, { authorId: ada, parent: root })];
      for (const authorId of [bob, cyd, ada]) {
        chain.push(await aTweet(stores.tweets, { authorId, parent: chain.at(-1) ?? root }));
      }
      await settle((events) => [...events.toReversed(), ...events]);
      await untilQuiet();
      expect(told(stream)).toEqual(chain.map(({ id }) => ['reply', id]));
    });

    it('go on behind the place of a page, with what came and went since', async () => {
      const root = await aTweet(stores.tweets);
      const before = await aTweet(stores.tweets, { parent: root });
      await settle();
      const place = await live.place(NOW);
      const came = await aTweet(stores.tweets, { authorId: bob, parent: before });
      await stores.tweets.delete(before.id, ada, new Date());
      await settle();
      const first = conversation(null, root.id, place);
      await untilTold(first, 2);
      expect(told(first)).toEqual([
        ['reply', came.id],
        ['removed', before.id],
      ]);
      await first.stream.return();

      const more = await aTweet(stores.tweets, { parent: came });
      await settle();
      const resumed = conversation(null, root.id, (first.events[0] as LiveEvent).place);
      await untilTold(resumed, 2);
      expect(told(resumed)).toEqual([
        ['removed', before.id],
        ['reply', more.id],
      ]);
    });

    it('tell nothing of those whom the viewer may not see, neither that they came nor that they went', async () => {
      const root = await aTweet(stores.tweets, { authorId: ada });
      await relations(stores.admin).block('205', bob);
      const place = await live.place(NOW);
      const [blocked, other] = [conversation(bob, root.id, place), conversation(cyd, root.id, place)];
      const hidden = await aTweet(stores.tweets, { authorId: '205', parent: root });
      const below = await aTweet(stores.tweets, { authorId: cyd, parent: hidden });
      await settle();
      await untilTold(other, 2);
      await stores.tweets.delete(hidden.id, '205', new Date());
      await settle();
      await untilTold(blocked, 1);
      await untilTold(other, 3);
      await untilQuiet();
      expect(told(blocked)).toEqual([['reply', below.id]]);
      expect(told(other)).toEqual([
        ['reply', hidden.id],
        ['reply', below.id],
        ['removed', hidden.id],
      ]);
    });

    it('take back replies that are hidden since', async () => {
      const root = await aTweet(stores.tweets, { authorId: ada });
      const stream = conversation(bob, root.id, await live.place(NOW));
      const reply = await aTweet(stores.tweets, { authorId: '206', parent: root });
      await settle();
      await untilTold(stream, 1);
      await relations(stores.admin).block(bob, '206');
      await happen(UserBlocked, { blockerId: bob, blockedId: '206', blockedAtMs: Date.now() });
      await untilTold(stream, 2);
      expect(told(stream)).toEqual([
        ['reply', reply.id],
        ['removed', reply.id],
      ]);
    });

    it('tell nothing of replies that were hidden or deleted while they waited for the reader', async () => {
      const root = await aTweet(stores.tweets, { authorId: ada });
      const { slow, quick } = await slowAndQuick(root);
      const hidden = await aTweet(stores.tweets, { authorId: '209', parent: root });
      const gone = await aTweet(stores.tweets, { authorId: cyd, parent: root });
      const seen = await aTweet(stores.tweets, { authorId: cyd, parent: root });
      await settle();
      await untilTold(quick, 4);
      await relations(stores.admin).block('209', bob);
      await stores.tweets.delete(gone.id, cyd, new Date());
      expect(await read(slow, 3)).toEqual([
        expect.objectContaining({ kind: 'removed', tweetId: hidden.id }),
        expect.objectContaining({ kind: 'removed', tweetId: gone.id }),
        expect.objectContaining({
          kind: 'reply',
          tweet: expect.objectContaining({ id: seen.id }) as unknown,
        }),
      ]);
    });

    it('tell nothing of replies below a tweet that was hidden while they waited for the reader', async () => {
      const root = await aTweet(stores.tweets, { authorId: '210' });
      const { slow, quick } = await slowAndQuick(root);
      const reply = await aTweet(stores.tweets, { authorId: cyd, parent: root });
      await settle();
      await untilTold(quick, 2);
      await relations(stores.admin).block('210', bob);
      expect(await read(slow, 1)).toMatchObject([{ kind: 'removed', tweetId: reply.id }]);
    });

    it('tell of a gap since the cursor when more was missed than waits', async () => {
      const root = await aTweet(stores.tweets);
      const place = await live.place(NOW);
      const ids = Array.from({ length: 1001 }, (_, n) => String(1000 + n));
      await createAnnouncer(redis, keys()).told('reply', root.id, ids);
      const pausedMs = place.atMs - 10 * 60 * 1000;
      const reached = { ...place, position: `${pausedMs}-0`, atMs: pausedMs + 1 };
      const unknown = { ...place, position: START, atMs: pausedMs };
      for (const after of [reached, unknown]) {
        const resumed = conversation(null, root.id, after);
        await untilTold(resumed, 1);
        expect(resumed.events).toMatchObject([{ kind: 'gap', sinceMs: pausedMs }]);
      }
    });

    it('are silent about a tweet that never was', async () => {
      const stream = conversation(null, '5', null);
      await untilQuiet();
      expect(stream.events).toEqual([]);
    });

    it('are as silent about a tweet that is hidden, whoever replies to it', async () => {
      const root = await aTweet(stores.tweets, { authorId: '207' });
      await relations(stores.admin).block('207', bob);
      const place = await live.place(NOW);
      const [kept, other] = [conversation(bob, root.id, place), conversation(cyd, root.id, place)];
      const reply = await aTweet(stores.tweets, { authorId: cyd, parent: root });
      await settle();
      await untilTold(other, 1);
      await untilQuiet();
      expect(told(other)).toEqual([['reply', reply.id]]);
      expect(kept.events).toEqual([]);
    });
  });
});
