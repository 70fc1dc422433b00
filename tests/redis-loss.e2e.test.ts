import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisEngine } from '../engines/redis.ts';
import { rowId } from '../subgraphs/global-id.ts';
import { timelineKeys } from '../subgraphs/timeline/buckets.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import { definedHome } from './definition.ts';
import type { HomeStream } from './home-stream.ts';
import { startOwnEngine, type OwnEngine } from './own-engine.ts';
import { join, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let redis: OwnEngine;
let supergraph: TestSupergraph;
let author: Person;
let follower: Person;
let stream: HomeStream;
const posted: string[] = [];

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  redis = opened.adopt(await startOwnEngine(redisEngine), (own) => own.remove());
  supergraph = opened.adopt(await startSupergraph({ ...database.env, REDIS_URL: redis.url }), (own) =>
    own.stop(),
  );
  author = await join(supergraph, 'ada');
  follower = await join(supergraph, 'bob');
  await follower.follow(author);
  for (let n = 1; n <= 25; n += 1) await post(`No. ${n}`);
  stream = opened.adopt(await follower.watch(), (own) => own.close());
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

async function post(text: string): Promise<string> {
  posted.push(text);
  return await author.post(text);
}

const newestFirst = () => posted.toReversed();
const textsOf = async (person: Person) => (await person.wholeHome(10)).map(({ node }) => node?.text);
const isOnStream = (id: string) => stream.added().some(({ node }) => node?.id === id);

/** Reads, which is what has a missing list built, and tells whether Redis holds it now. */
async function hasList(): Promise<boolean> {
  await follower.home();
  const client = new Redis(redis.url);
  try {
    const { list } = timelineKeys(database.env.REDIS_KEY_PREFIX);
    return (await client.exists(list(rowId('user', follower.id)))) === 1;
  } finally {
    client.disconnect();
  }
}

async function expectWhole(): Promise<void> {
  expect(await textsOf(follower)).toEqual(newestFirst());
  expect(await textsOf(author)).toEqual(newestFirst());
  const cursors = (await follower.wholeHome(10)).map(({ cursor }) => cursor);
  expect(cursors).toEqual(await definedHome(database.adminUrl, follower));
}

it('answers pages from lists at first', async () => {
  const live = await post('live at first');
  await until('it came', () => isOnStream(live));
  await until('the list is built', hasList);
  await expectWhole();
}, 60_000);

it('answers the whole timeline while Redis is frozen, and posts', async () => {
  redis.signal('SIGSTOP');
  try {
    await expectWhole();
    await post('while Redis is frozen');
    await expectWhole();
  } finally {
    redis.signal('SIGCONT');
  }
  const live = await post('after the thaw');
  await until('the stream goes on', () => isOnStream(live));
  await expectWhole();
}, 120_000);

it('answers the whole timeline while Redis is dead, and posts', async () => {
  await redis.kill('SIGKILL');
  await expectWhole();
  await post('while Redis is dead');
  await expectWhole();
}, 60_000);

it('is whole again, and live, when Redis comes back empty', async () => {
  const before = stream.events.length;
  const missed = posted.at(-1);
  await redis.start({ empty: true });
  const since = () => stream.events.slice(before);
  await until('the stream says what became of what it missed', () => {
    const isGap = since().some(({ __typename }) => __typename === 'TimelineGap');
    return isGap || stream.added().some(({ node }) => node?.text === missed);
  });
  const live = await post('on an empty Redis');
  await until('the stream goes on', () => isOnStream(live));
  expect(stream.breaks).toEqual([]);

  await expectWhole();
  await until('the list is built anew', hasList);
  await expectWhole();
}, 120_000);
