import { afterAll, beforeAll, expect, it } from '@jest/globals';
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

const arrived = (id: string) => stream.added().some(({ node }) => node?.id === id);

it.each(['gateway', 'user', 'tweet', 'tweet-worker', 'timeline', 'timeline-worker'])(
  'loses no tweet and doubles none when only the %s is killed',
  async (part) => {
    const posts = Array.from({ length: 10 }, (_, n) => {
      const text = `without the ${part}, no. ${n}`;
      texts.push(text);
      return { text, id: author.post(text, { key: text }) };
    });
    const outcomes = Promise.allSettled(posts.map(({ id }) => id));
    await Promise.race(posts.map(({ id }) => id));
    expect(await supergraph.kill('SIGKILL', part)).toBe('SIGKILL');
    await outcomes;
    await supergraph.start();

    // Whoever got no answer asks again.
    for (const { text } of posts) await until('it is posted', () => author.post(text, { key: text }), 30_000);
    const last = `behind all of the ${part}`;
    texts.push(last);
    const id = await author.post(last);
    await until('the last one came', () => arrived(id));

    const timeline = await follower.wholeHome();
    expect(timeline.map(({ node }) => node?.text).toSorted()).toEqual(texts.toSorted());
    expect(timeline.map(({ cursor }) => cursor)).toEqual(await definedHome(database.adminUrl, follower));
    const streamed = new Map(stream.added().map(({ cursor, node }) => [cursor, node?.text]));
    expect([...streamed.values()].toSorted()).toEqual(texts.toSorted());
  },
  120_000,
);

it('answers what the others know while a subgraph is away, and says so', async () => {
  await supergraph.kill('SIGKILL', 'follow');
  const { data, errors } = await supergraph.ask<{ user: object }>(
    'query ($username: String!) { user(username: $username) { username followers(first: 1) { edges { cursor } } } }',
    { username: author.username },
  );
  expect(data).toEqual({ user: { username: author.username, followers: null } });
  expect(errors).toMatchObject([{ path: ['user', 'followers'], extensions: { code: 'UNAVAILABLE' } }]);
  await supergraph.start();
}, 60_000);

it('acknowledges posts without workers, and delivers them when workers are back', async () => {
  await supergraph.kill('SIGTERM', 'tweet-worker');
  await supergraph.kill('SIGTERM', 'timeline-worker');
  const id = await author.post('nobody works');
  expect((await author.home({ first: 1 })).edges.map(({ node }) => node?.id)).toEqual([id]);
  await supergraph.start();
  await until('it came', () => arrived(id));
}, 60_000);
