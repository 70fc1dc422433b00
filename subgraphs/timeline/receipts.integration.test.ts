import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Id } from '../../platform/ids.ts';
import { until } from '../../tests/until.ts';
import type { LiveStream } from './live-stream.ts';
import { settleReceipts } from './receipt-settling.ts';
import { WHOLE } from './stretch.ts';
import { createTweetDeliveries } from './tweet-delivery.ts';
import { createWorld, type World } from './world.ts';

describe('the receipt of a tweet', () => {
  let world: World;
  let ada: Id;
  let followers: Id[];

  beforeEach(async () => {
    world = await createWorld();
    ada = await world.person('ada');
    followers = [];
    // More than fit one part of three.
    for (const name of ['bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida']) {
      const follower = await world.person(name);
      await world.follow(follower, ada);
      followers.push(follower);
    }
    await world.settle();
  });

  afterEach(() => world.stop());

  const look = async (viewerId: Id) => {
    await world.timelines.home.read(viewerId, { ...WHOLE, limit: 20 });
    await world.settle();
  };
  const delivery = async (tweetId: Id, authorId = ada) => {
    const [found = null] = await world.timelines.tweetDeliveries.of(authorId, [tweetId]);
    return found;
  };

  it('counts who has it and who is away, part by part', async () => {
    for (const follower of followers.slice(0, 5)) await look(follower);
    const tweet = await world.post(ada);
    expect(await delivery(tweet)).toMatchObject({ audienceCount: 8, reachedCount: 0, isComplete: false });
    await world.settle();
    expect(await delivery(tweet)).toMatchObject({
      audienceCount: 8,
      reachedCount: 5,
      reachedLiveCount: 0,
      awayCount: 3,
      p50Ms: null,
      isComplete: true,
    });
  });

  it('is meant for nobody who muted, and as a reply for those whom it concerns', async () => {
    const [bob = '', cyd = '', dan = ''] = followers;
    const zoe = await world.person('zoe');
    const question = await world.post(zoe);
    await world.mute(bob, ada);
    for (const follower of [cyd, dan, bob]) await world.follow(follower, zoe);
    const plain = await world.post(ada);
    const reply = await world.post(ada, question);
    const thread = await world.post(ada, plain);
    const toOne = await world.post(ada, await world.post(dan));
    await world.settle();
    expect(await delivery(plain)).toMatchObject({ audienceCount: 7 });
    expect(await delivery(thread)).toMatchObject({ audienceCount: 7 });
    expect(await delivery(reply)).toMatchObject({ audienceCount: 2 });
    expect(await delivery(toOne)).toMatchObject({ audienceCount: 1 });
  });

  it('counts nothing twice, whatever comes again', async () => {
    for (const follower of followers) await look(follower);
    const tweet = await world.post(ada);
    await world.settle();
    const first = await delivery(tweet);
    expect(first).toMatchObject({ audienceCount: 8, reachedCount: 8, isComplete: true });
    await world.replay((events) => [...events, ...events.toReversed()]);
    expect(await delivery(tweet)).toEqual(first);
  });

  it('begins anew when it comes again before it is through', async () => {
    const { receipts } = world.timelines;
    const tweet = await world.post(ada);
    const entry = { entryId: tweet, tweetId: tweet };
    const parts = [
      { after: null, through: followers[2] ?? null, followers: 3 },
      { after: followers[2] ?? null, through: null, followers: 5 },
    ];
    const [first = { after: null, through: null }] = parts;
    await receipts.plan(entry, parts);
    await receipts.count(tweet, first, { audience: 3, reached: 2 });
    await receipts.count(tweet, first, { audience: 3, reached: 2 });
    expect(await delivery(tweet)).toMatchObject({
      audienceCount: 8,
      reachedCount: 2,
      awayCount: 1,
      isComplete: false,
    });
    await receipts.plan(entry, parts);
    expect(await delivery(tweet)).toMatchObject({ audienceCount: 8, reachedCount: 0, isComplete: false });
    await world.settle();
    expect(await delivery(tweet)).toMatchObject({ audienceCount: 8, isComplete: true });
  });

  it('counts each of those who look on once, on however many devices, and not the author', async () => {
    const [bob = '', cyd = ''] = followers;
    const { live, liveReceipts } = world.timelines;
    const streams = [bob, bob, cyd, ada].map((viewerId) => live.open(viewerId, null));
    const tweet = await until('all streams have caught up', async () => {
      const posted = await world.post(ada);
      // Those who are not present yet are not announced to, and hear of what is announced again.
      const isTold = Promise.all(streams.map((stream) => tells(stream, posted)));
      await until('all are told', async () => {
        await world.replay((events) => events.slice(-3));
        return await Promise.race([isTold.then(() => true), tick()]);
      });
      await liveReceipts.flush();
      return (await delivery(posted))?.reachedLiveCount === 2 && posted;
    });
    const found = await delivery(tweet);
    expect(found).toMatchObject({ audienceCount: 8, reachedLiveCount: 2 });
    expect(found?.p50Ms).toBeGreaterThan(0);
    expect(found?.p99Ms).toBeGreaterThanOrEqual(found?.p50Ms ?? Infinity);
  });

  it('is kept in Postgres once it is settled, and then answers without Redis', async () => {
    await look(followers[0] ?? '');
    const tweet = await world.post(ada);
    const retweeted = await world.retweet(followers[1] ?? '', tweet);
    await world.settle();
    const counted = await delivery(tweet);
    const { receipts, receiptStore } = world.timelines;
    expect(await settleReceipts(receipts, receiptStore)).toBe(0);
    const key = `${world.env.REDIS_KEY_PREFIX}receipts-due`;
    await world.redis.client.zadd(key, 1, tweet, 1, retweeted, 1, '77');
    expect(await settleReceipts(receipts, receiptStore)).toBe(3);
    expect(await world.redis.client.zcard(key)).toBe(0);
    await world.loseRedis();
    expect(await delivery(tweet)).toEqual(counted);
  });

  it('is asked of Postgres for all tweets at once where there is none', async () => {
    const [bob = ''] = followers;
    await world.mute(bob, ada);
    const tweets = [
      await world.post(ada),
      await world.post(ada, await world.post(bob)),
      await world.post(ada),
    ];
    const { tweetDeliveries } = world.timelines;
    const statements = (asked: Id[]) => world.countStatements(() => tweetDeliveries.of(ada, asked));
    expect(await statements(tweets)).toBe(await statements(tweets.slice(0, 1)));
    const found = await tweetDeliveries.of(ada, [...tweets, '77']);
    expect(found.map((each) => each?.audienceCount)).toEqual([7, 0, 7, undefined]);
  });

  it('waits to be settled while it is not complete', async () => {
    const tweet = await world.post(ada);
    const { receipts, receiptStore } = world.timelines;
    await receipts.plan({ entryId: tweet, tweetId: tweet }, [{ after: null, through: null, followers: 8 }]);
    const key = `${world.env.REDIS_KEY_PREFIX}receipts-due`;
    await world.redis.client.zadd(key, 1, tweet);
    await settleReceipts(receipts, receiptStore);
    expect(Number(await world.redis.client.zscore(key, tweet))).toBeGreaterThan(Date.now());
  });

  it('is for nobody but the author, and not for a retweet or a tweet that is gone', async () => {
    const tweet = await world.post(ada);
    const retweeted = await world.retweet(ada, tweet);
    await world.settle();
    expect(await delivery(tweet, followers[0])).toBeNull();
    expect(await delivery(retweeted)).toBeNull();
    await world.remove(tweet);
    expect(await delivery(tweet)).toBeNull();
  });

  it('is told as it changes, until all are reached', async () => {
    const { tweetDeliveries } = world.timelines;
    const tweet = await world.post(ada);
    const stream = tweetDeliveries.follow(ada, tweet);
    const first = await stream.next();
    expect(first.value).toMatchObject({ tweetId: tweet, delivery: { audienceCount: 8, isComplete: false } });
    await world.settle();
    const second = await stream.next();
    expect(second.value).toMatchObject({ delivery: { awayCount: 8, isComplete: true } });
    expect((await stream.next()).done).toBe(true);
    expect((await tweetDeliveries.follow(followers[0] ?? '', tweet).next()).done).toBe(true);

    const left = tweetDeliveries.follow(ada, await world.post(ada));
    await left.next();
    const waiting = left.next();
    await left.return();
    expect((await waiting).done).toBe(true);
  });

  it('is told without all followers being counted at each look', async () => {
    const { receipts, receiptStore } = world.timelines;
    let looks = 0;
    let counts = 0;
    const tweetDeliveries = createTweetDeliveries({
      receipts: {
        read: (ids) => {
          looks += 1;
          return receipts.read(ids);
        },
      },
      store: {
        ...receiptStore,
        audiencesNow: (ids) => {
          counts += 1;
          return receiptStore.audiencesNow(ids);
        },
      },
      now: Date.now,
      log: pino({ level: 'silent' }),
    });
    const stream = tweetDeliveries.follow(ada, await world.post(ada));
    expect((await stream.next()).value).toMatchObject({ delivery: { audienceCount: 8, isComplete: false } });
    const second = stream.next();
    await until('it was looked again', () => looks > 2);
    expect(counts).toBe(1);
    await world.settle();
    expect((await second).value).toMatchObject({ delivery: { audienceCount: 8, isComplete: true } });
    await stream.return();
  });
});

async function tells(stream: LiveStream, id: Id): Promise<void> {
  for (;;) {
    const { value } = await stream.next();
    if (value?.kind === 'added' && value.entries.some((entry) => entry.id === id)) return;
  }
}

const tick = () => new Promise<false>((resolve) => setImmediate(() => resolve(false)));
