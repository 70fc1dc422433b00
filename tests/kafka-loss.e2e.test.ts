import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { kafkaEngine } from '../engines/kafka.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import { definedHome } from './definition.ts';
import type { HomeStream } from './home-stream.ts';
import { startOwnEngine, type OwnEngine } from './own-engine.ts';
import { join, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

/** Until kafkajs is known to be silent, or what it asked to have no answer, half a minute may pass each time. */
const BACK_WITHIN_MS = 100_000;

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let kafka: OwnEngine;
let supergraph: TestSupergraph;
let author: Person;
let follower: Person;
let stream: HomeStream;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  kafka = opened.adopt(await startOwnEngine(kafkaEngine), (own) => own.remove());
  supergraph = opened.adopt(await startSupergraph({ ...database.env, KAFKA_BROKERS: kafka.url }), (own) =>
    own.stop(),
  );
  author = await join(supergraph, 'ada');
  follower = await join(supergraph, 'bob');
  await follower.follow(author);
  stream = opened.adopt(await follower.watch(), (own) => own.close());
  const first = await author.post('before');
  await until('the first tweet came', () => stream.added().some(({ node }) => node?.id === first));
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

const streamed = () => stream.added().map(({ node }) => node?.text);
const timelineOf = async (person: Person) => (await person.home()).edges.map(({ node }) => node?.text);

it('acknowledges a post while Kafka is away, and delivers it once when Kafka is back', async () => {
  const text = 'while Kafka is away';
  await kafka.kill('SIGTERM');
  await author.post(text);
  expect(await timelineOf(author)).toEqual([text, 'before']);

  await kafka.start();
  await until('it came', () => streamed().includes(text), BACK_WITHIN_MS);
  // Behind it nothing of the same author comes late.
  await author.post('on time');
  await until('the next one came', () => streamed().includes('on time'));
  expect(streamed().toSorted()).toEqual(['before', text, 'on time'].toSorted());
  expect(await timelineOf(follower)).toEqual(['on time', text, 'before']);
  const cursors = (await follower.home()).edges.map(({ cursor }) => cursor);
  expect(cursors).toEqual(await definedHome(database.adminUrl, follower));
  expect(stream.breaks).toEqual([]);
}, 180_000);

it('starts without Kafka, and delivers what was posted when Kafka comes', async () => {
  await kafka.kill('SIGKILL');
  await supergraph.kill('SIGKILL');
  await supergraph.start();
  await author.post('before Kafka came');
  await kafka.start();
  await until('it came', () => streamed().includes('before Kafka came'), BACK_WITHIN_MS);
}, 180_000);
