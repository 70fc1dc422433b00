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
import { watch, type Watch } from './watch.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let redis: OwnEngine;
let supergraph: TestSupergraph;
let author: Person;
let follower: Person;
let stream: HomeStream;
const posted: string[] = [];
let first: string;
let counts: Watch<CountsEvent>;
let begunWithoutRedis: Watch<CountsEvent>;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  redis = opened.adopt(await startOwnEngine(redisEngine), (own) => own.remove());
  supergraph = opened.adopt(await startSupergraph({ ...database.env, REDIS_URL: redis.url }), (own) =>
    own.stop(),
  );
  author = await join(supergraph, 'ada');
  follower = await join(supergraph, 'bob');
  await follower.follow(author);
  first = await post('No. 1');
  for (let n = 2; n <= 25; n += 1) await post(`No. ${n}`);
  stream = opened.adopt(await follower.watch(), (own) => own.close());
  counts = watchCounts();
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

async function post(text: string): Promise<string> {
  posted.push(text);
  return await author.post(text);
}

interface CountsEvent {
  __typename: string;
  tweet?: { likeCount: number };
}

/** Follows the first tweet's counts, as anybody. */
const watchCounts = () =>
  opened.adopt(
    watch<CountsEvent>(
      supergraph.origin,
      null,
      'tweet',
      `subscription ($ids: [ID!]!) {
        tweet(ids: $ids) { __typename cursor ... on TweetCountsChanged { tweet { likeCount } } }
      }`,
      { ids: [first] },
    ),
    (own) => own.close(),
  );
const likesIn = ({ events }: Watch<CountsEvent>) =>
  events.map(({ __typename, tweet }) => tweet?.likeCount ?? __typename);
const like = async () => {
  const liker = await join(supergraph, 'eve');
  await liker.ask('mutation ($id: ID!) { likeTweet(input: { tweetId: $id }) { errors { __typename } } }', {
    id: first,
  });
};

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
  await until('the counts began', () => counts.events.length > 0);
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
  begunWithoutRedis = watchCounts();
  await until('counts come without Redis', () => begunWithoutRedis.events.length > 0);
  await like();
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

  // Each was told once that it may have missed something, and then what is true now.
  for (const each of [counts, begunWithoutRedis]) {
    await until('the counts are told again', () => each.events.length === 3);
    expect(likesIn(each)).toEqual([0, 'TimelineGap', 1]);
  }
  await like();
  await until('both go on', () => [counts, begunWithoutRedis].every((each) => likesIn(each).at(-1) === 2));
}, 120_000);
