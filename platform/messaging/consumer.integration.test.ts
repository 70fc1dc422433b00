import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Producer } from 'kafkajs';
import { TweetPosted } from '../events/tweet-posted.ts';
import { registry } from '../process/metrics.ts';
import { type Consumer, startConsumer } from './consumer.ts';
import { listDeadLetters } from './dead-letters.ts';
import { type Delivery, on } from './delivery.ts';
import { toMessage } from './envelope.ts';
import { aTweet, type Fixture, messagingFixture, until } from './fixture.ts';
import { holdGroup } from './held-group.ts';
import { createAdmin, createProducer } from './kafka.ts';
import { OutOfReach } from './out-of-reach.ts';
import { createPublisher } from './publisher.ts';
import { ensureTopics } from './topics.ts';

jest.setTimeout(120_000);

let fixture: Fixture;
let producer: Producer;
let consumers: Consumer[] = [];
let run = 0;

beforeAll(async () => {
  fixture = await messagingFixture();
});

afterAll(async () => {
  await fixture.drop();
});

// Topics and a group of its own for each test.
beforeEach(async () => {
  run += 1;
  fixture.kafka = { ...fixture.kafka, topicPrefix: `${fixture.kafka.topicPrefix}${run}.` };
  await ensureTopics(fixture.kafka, ['tweets'], fixture.log);
  producer = createProducer(fixture.kafka, fixture.log);
  await producer.connect();
});

afterEach(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  consumers = [];
  await producer.disconnect();
});

const consume = (handle: (delivery: Delivery<TweetPosted>) => Promise<void> | void, group = 'readers') => {
  const consumer = startConsumer({
    kafka: fixture.kafka,
    group,
    handlers: [on(TweetPosted, async (delivery) => await handle(delivery))],
    log: fixture.log,
    retry: { tries: 3, firstPauseMs: 5, longestPauseMs: 20 },
  });
  consumers.push(consumer);
  return consumer;
};

const send = async (
  payload: Buffer,
  { id, key, name = TweetPosted.name }: { id: string; key: string; name?: string },
) => {
  await producer.send({
    topic: `${fixture.kafka.topicPrefix}tweets`,
    messages: [toMessage({ id, name, key, occurredAtMs: 7, payload })],
  });
};

const post = async (tweetId: number, authorId = 1) => {
  await send(TweetPosted.encode(aTweet(tweetId, authorId)), {
    id: `event-${tweetId}`,
    key: String(authorId),
  });
};

describe('a consumer', () => {
  it('hears from the beginning, in order per key, with what was known of the event', async () => {
    for (const id of [1, 2, 3, 4, 5, 6]) await post(id, id % 2);
    const heard: Delivery<TweetPosted>[] = [];
    consume((delivery) => void heard.push(delivery));
    await until(() => heard.length === 6);
    const of = (key: string) =>
      heard.filter((delivery) => delivery.key === key).map(({ data }) => data.tweetId);
    expect(of('1')).toEqual(['1', '3', '5']);
    expect(of('0')).toEqual(['2', '4', '6']);
    expect(heard[0]).toMatchObject({
      id: expect.stringMatching('event-'),
      name: 'TweetPosted.v1',
      occurredAtMs: 7,
      topic: 'tweets',
    });
  });

  it('tries again what fails, once through in order, while other partitions go on', async () => {
    for (const [id, author] of [
      [1, 1],
      [2, 1],
      [3, 2],
    ] as const)
      await post(id, author);
    const done: string[] = [];
    let failures = 0;
    consume(async ({ data }) => {
      if (data.tweetId === '1' && failures < 2) {
        // Not before another key is through.
        await until(() => done.includes('3'));
        failures += 1;
        throw new Error('not yet');
      }
      done.push(data.tweetId);
    });
    await until(() => done.length === 3);
    expect(done).toEqual(['3', '1', '2']);
    expect(await registry.metrics()).toMatch(
      /roost_event_retries_total\{group="readers",event="TweetPosted.v1"\} 2/,
    );
  });

  it('waits as long as something is out of reach, longer than its tries', async () => {
    await post(1);
    await post(2);
    const done: string[] = [];
    let asked = 0;
    consume(({ data }) => {
      asked += 1;
      if (asked < 10) throw new OutOfReach('redis is away');
      done.push(data.tweetId);
    });
    await until(() => done.length === 2);
    expect(done).toEqual(['1', '2']);
    expect(await listDeadLetters(fixture.kafka, 'tweets', fixture.log)).toEqual([]);
  });

  it('keeps a poison event among the dead letters, bytes and reason, and goes on behind it', async () => {
    await post(1);
    await send(Buffer.from('no avro'), { id: 'event-2', key: '1' });
    await post(3);
    const done: string[] = [];
    consume(({ data }) => {
      if (data.tweetId === '1') throw new Error('cannot be\nhandled');
      done.push(data.tweetId);
    });
    await until(() => done.length === 1);
    expect(done).toEqual(['3']);

    const letters = await listDeadLetters(fixture.kafka, 'tweets', fixture.log);
    expect(letters).toMatchObject([
      {
        topic: 'tweets',
        group: 'readers',
        reason: 'Error: cannot be\nhandled',
        event: { id: 'event-1', name: 'TweetPosted.v1', key: '1', payload: TweetPosted.encode(aTweet(1, 1)) },
      },
      {
        reason: 'Error: These bytes are no TweetPosted.v1',
        event: { id: 'event-2', key: '1', payload: Buffer.from('no avro') },
      },
    ]);
  });

  it('skips and counts what it has no handler for', async () => {
    await send(Buffer.from('anything'), { id: 'event-1', key: '1', name: 'Hatched.v9' });
    await post(2);
    const done: string[] = [];
    consume(({ data }) => void done.push(data.tweetId));
    await until(() => done.length === 1);
    expect(await registry.metrics()).toContain(
      'roost_events_consumed_total{group="readers",event="Hatched.v9",outcome="skipped"} 1',
    );
  });

  it('finishes the event in hand when it stops, and its successor begins behind that', async () => {
    for (const id of [1, 2, 3]) await post(id);
    const first: string[] = [];
    const { promise: finish, resolve: letFinish } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const stopped = consume(async ({ data }) => {
      if (data.tweetId === '2') {
        begin();
        await finish;
      }
      first.push(data.tweetId);
    });
    await begun;
    const stopping = stopped.stop();
    letFinish();
    await stopping;
    expect(first).toEqual(['1', '2']);
    expect(await registry.metrics()).not.toContain('roost_consumer_lag{group="readers"');

    const second: string[] = [];
    consume(({ data }) => void second.push(data.tweetId));
    await until(() => second.length > 0);
    expect(second).toEqual(['3']);
  });

  it('leaves an event that waits to be tried again to its successor', async () => {
    await post(1);
    let asked = 0;
    const stopped = consume(() => {
      asked += 1;
      throw new OutOfReach('redis is away');
    });
    await until(() => asked > 3);
    await stopped.stop();
    const second: string[] = [];
    consume(({ data }) => void second.push(data.tweetId));
    await until(() => second.length === 1);
  });

  it('does not wait to be let in when it stops', async () => {
    const held = await holdGroup(fixture.kafka, 'readers');
    const stopped = consume(() => undefined);
    await until(held.isAwaited);
    await stopped.stop();
    expect(await held.isAwaited()).toBe(true);
    await held.release();
    await post(1);
    const heard: string[] = [];
    consume(({ data }) => void heard.push(data.tweetId));
    await until(() => heard.length === 1);
  });

  it('is no member later, however early it stops', async () => {
    const admin = createAdmin(fixture.kafka, fixture.log);
    await admin.connect();
    const groups = Array.from({ length: 30 }, (_, trips) => `early-${trips}`);
    for (const [trips, group] of groups.entries()) {
      const consumer = consume(() => undefined, group);
      for (let trip = 0; trip < trips; trip++) await admin.listTopics();
      await consumer.stop();
    }
    const ids = groups.map((group) => fixture.kafka.topicPrefix + group);
    await until(async () =>
      (await admin.describeGroups(ids)).groups.every(({ members }) => members.length === 0),
    );
    await admin.disconnect();
  });

  it('shares partitions with a second member of its group, and loses nothing on the way', async () => {
    const heard = new Set<string>();
    consume(({ data }) => void heard.add(data.tweetId));
    const sending = (async () => {
      for (let id = 1; id <= 300; id++) await post(id, id);
    })();
    const hers = new Set<string>();
    consume(({ data }) => {
      heard.add(data.tweetId);
      hers.add(data.tweetId);
    });
    await sending;
    await until(() => heard.size === 300);
    let next = 300;
    await until(async () => {
      next += 1;
      await post(next, next);
      return hers.size > 0;
    });
  });

  it('holds back a partition that it cannot follow, and comes through', async () => {
    const payload = TweetPosted.encode(aTweet(1, 1));
    const messages = Array.from({ length: 2500 }, (_, index) =>
      toMessage({ id: String(index), name: TweetPosted.name, key: '1', occurredAtMs: 7, payload }),
    );
    for (let from = 0; from < messages.length; from += 250) {
      await producer.send({
        topic: `${fixture.kafka.topicPrefix}tweets`,
        messages: messages.slice(from, from + 250),
      });
    }
    const ids: number[] = [];
    consume(async ({ id }) => {
      await new Promise(setImmediate);
      ids.push(Number(id));
    });
    await until(() => ids.length >= 2500);
    expect(ids).toEqual(messages.map((_, index) => index));
    expect(await registry.metrics()).toMatch(
      /roost_consumer_lag\{group="readers",topic="tweets",partition="\d"\} 0/,
    );
  });

  it('hears what a publisher sends', async () => {
    const publisher = createPublisher(fixture.kafka, fixture.log);
    await publisher.publish(TweetPosted, [aTweet(1, 1), aTweet(2, 1)]);
    await publisher.publish(TweetPosted, []);
    await publisher.close();
    const done: string[] = [];
    consume(({ data }) => void done.push(data.tweetId));
    await until(() => done.length === 2);
    expect(done).toEqual(['1', '2']);
  });
});
