import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { TweetPosted } from '../events/tweet-posted.ts';
import { type Consumer, startConsumer } from './consumer.ts';
import { on } from './delivery.ts';
import { aTweet, type Fixture, messagingFixture, until } from './fixture.ts';
import { type OutboxRelay, startOutboxRelay } from './outbox-relay.ts';

jest.setTimeout(120_000);

let fixture: Fixture;
let consumer: Consumer;
let relay: OutboxRelay;
let mended = false;
const seen: string[] = [];
const handled: string[] = [];

beforeAll(async () => {
  fixture = await messagingFixture();
  const { databaseUrl, kafka, log } = fixture;
  relay = startOutboxRelay({ databaseUrl, schema: 'tweets', kafka, log });
  consumer = startConsumer({
    kafka,
    group: 'readers',
    handlers: [
      on(TweetPosted, ({ data: { tweetId } }) => {
        seen.push(tweetId);
        if (tweetId !== '3' && !mended) return Promise.reject(new Error('half a tweet'));
        handled.push(tweetId);
        return Promise.resolve();
      }),
    ],
    log,
    retry: { tries: 1, firstPauseMs: 1, longestPauseMs: 1 },
  });
});

afterAll(async () => {
  await consumer.stop();
  await relay.stop();
  await fixture.drop();
});

/** What the command prints, as an operator runs it. */
const deadLetters = async (...args: string[]) => {
  const { brokers, topicPrefix } = fixture.kafka;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [new URL('dead-letters-main.ts', import.meta.url).pathname, ...args],
    { env: { ...process.env, KAFKA_BROKERS: brokers.join(','), KAFKA_TOPIC_PREFIX: topicPrefix } },
  );
  return stdout.trim().split('\n');
};

it('lists what was given up, and replays it once: one event, or all', async () => {
  for (const id of [1, 2, 3]) await fixture.write(TweetPosted, aTweet(id, 8));
  await until(() => handled.length === 1);

  const listed = await deadLetters('list');
  expect(listed).toHaveLength(3);
  expect(listed[0]).toMatch(
    /^\d{4}-\S+Z {2}TweetPosted\.v1 ([0-9a-f-]{36}) {2}key 8 of tweets {2}given up by readers: Error: half a tweet$/,
  );
  expect(listed[2]).toBe('2 dead letters waiting.');

  mended = true;
  const secondId = /v1 (\S+)/.exec(listed[1] ?? '')?.[1] ?? '';
  expect((await deadLetters('replay', '--event-id', secondId)).at(-1)).toBe('1 dead letter replayed.');
  await until(() => handled.length === 2);
  expect(handled).toEqual(['3', '2']);

  expect((await deadLetters('replay', '--topic', 'follows')).at(-1)).toBe('0 dead letters replayed.');
  expect((await deadLetters('replay')).at(-1)).toBe('1 dead letter replayed.');
  await until(() => handled.length === 3);
  expect((await deadLetters('replay')).at(-1)).toBe('0 dead letters replayed.');
  expect(await deadLetters('list')).toEqual(['0 dead letters waiting.']);
  expect(seen).toEqual(['1', '2', '3', '2', '1']);
});

it('says how it is used', async () => {
  await expect(deadLetters('resend')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Usage: npm run dead-letters'),
  });
});
