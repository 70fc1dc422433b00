import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { holdGroup } from '../platform/messaging/held-group.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import { definedHome } from './definition.ts';
import type { HomeStream } from './home-stream.ts';
import { join, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let author: Person;
let follower: Person;
let stream: HomeStream;
/** Every text that somebody posted here, whether or not they were told that it worked. */
const texts: string[] = [];

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  author = await join(supergraph, 'ada');
  follower = await join(supergraph, 'bob');
  await follower.follow(author);
  stream = opened.adopt(await follower.watch(), (own) => own.close());
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** Tweets that are posted at once, each under a key of its own by which it can be posted again. */
function postMany(round: string): { text: string; key: string; id: Promise<string> }[] {
  return Array.from({ length: 20 }, (_, n) => {
    const text = `${round}, no. ${n}`;
    texts.push(text);
    return { text, key: text, id: author.post(text, { key: text }) };
  });
}

/** Behind the last tweet of an author nothing of that author's comes, since they travel in order. */
async function settle(): Promise<void> {
  const text = `settled after ${texts.length}`;
  texts.push(text);
  const id = await author.post(text);
  await until('the stream has the last tweet', () => stream.added().some(({ node }) => node?.id === id));
}

const rounds: { when: string; acknowledged: number }[] = [
  { when: 'before any of them is acknowledged', acknowledged: 0 },
  { when: 'when half of them are acknowledged', acknowledged: 10 },
  { when: 'when all of them are acknowledged', acknowledged: 20 },
];

it.each(rounds)(
  'loses no tweet and doubles none when it is killed $when',
  async ({ when, acknowledged }) => {
    const posts = postMany(when);
    const enough = Promise.withResolvers<void>();
    let count = 0;
    for (const { id } of posts) {
      id.then(
        () => (count += 1) >= acknowledged && enough.resolve(),
        () => undefined,
      );
    }
    if (acknowledged > 0) await enough.promise;
    expect(await supergraph.kill('SIGKILL')).toBe('SIGKILL');
    const outcomes = await Promise.allSettled(posts.map(({ id }) => id));
    await supergraph.start();

    // Whoever got no answer asks again, and whoever got one is given the same.
    const ids = await Promise.all(posts.map(({ text, key }) => author.post(text, { key })));
    outcomes.forEach((outcome, n) => outcome.status === 'fulfilled' && expect(outcome.value).toBe(ids[n]));
    await settle();

    const timeline = await follower.wholeHome();
    expect(timeline.map(({ node }) => node?.text).toSorted()).toEqual(texts.toSorted());
    expect(timeline.map(({ cursor }) => cursor)).toEqual(await definedHome(database.adminUrl, follower));
  },
  120_000,
);

it('answers, and stops, before Kafka lets it in where it was killed, and delivers once Kafka does', async () => {
  await supergraph.kill('SIGKILL');
  const { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX: topicPrefix } = database.env;
  const held = await holdGroup({ brokers: KAFKA_BROKERS.split(','), topicPrefix }, 'timeline-fan-out');
  await supergraph.start();
  await until('it waits to be let in', held.isAwaited);
  const text = 'before Kafka lets it in';
  texts.push(text);
  await author.post(text);
  expect((await author.home({ first: 1 })).edges.map(({ node }) => node?.text)).toEqual([text]);

  expect(await supergraph.kill('SIGTERM')).toBe(0);
  await supergraph.start();
  expect(await held.isAwaited()).toBe(true);
  await held.release();
  await settle();
  expect((await follower.wholeHome()).map(({ node }) => node?.text).toSorted()).toEqual(texts.toSorted());
}, 120_000);

it('brings a stream that resumes behind its last cursor every tweet, each as one edge', () => {
  expect(stream.breaks.length).toBeGreaterThan(0);
  const received = stream.added().map(({ node }) => node?.text);
  expect(received.toSorted()).toEqual(texts.toSorted());
});

it('finishes what it began when it is asked to stop, and is gone', async () => {
  const posts = postMany('while it stops');
  await Promise.race(posts.map(({ id }) => id));
  expect(await supergraph.kill('SIGTERM')).toBe(0);
  const outcomes = await Promise.allSettled(posts.map(({ id }) => id));
  await expect(fetch(supergraph.origin)).rejects.toThrow('fetch failed');

  await supergraph.start();
  const ids = await Promise.all(posts.map(({ text, key }) => author.post(text, { key })));
  outcomes.forEach((outcome, n) => outcome.status === 'fulfilled' && expect(outcome.value).toBe(ids[n]));
  await settle();
  expect((await follower.wholeHome()).map(({ node }) => node?.text).toSorted()).toEqual(texts.toSorted());
}, 120_000);
