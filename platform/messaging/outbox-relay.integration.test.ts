import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { TweetDeleted } from '../events/tweet-deleted.ts';
import { TweetPosted } from '../events/tweet-posted.ts';
import { registry } from '../process/metrics.ts';
import { header, toEnvelope } from './envelope.ts';
import { aTweet, type Fixture, messagingFixture, until } from './fixture.ts';
import { createOutboxWaker, outboxChannel } from './outbox.ts';
import { type OutboxRelay, startOutboxRelay } from './outbox-relay.ts';
import { readToEnd } from './read-to-end.ts';
import { ensureTopics } from './topics.ts';

jest.setTimeout(120_000);

let fixture: Fixture;
let admin: pg.Client;
let relays: OutboxRelay[] = [];
let run = 0;

beforeAll(async () => {
  fixture = await messagingFixture();
  admin = new pg.Client({ connectionString: fixture.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await fixture.drop();
});

// Topics of its own for each test.
beforeEach(async () => {
  run += 1;
  fixture.kafka = { ...fixture.kafka, topicPrefix: `${fixture.kafka.topicPrefix}${run}.` };
  await ensureTopics(fixture.kafka, ['tweets'], fixture.log);
});

afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
});

const start = () => {
  const { databaseUrl, kafka, log } = fixture;
  const relay = startOutboxRelay({ databaseUrl, schema: 'tweets', kafka, log });
  relays.push(relay);
  return relay;
};

/** Tweet ids as Kafka has them, by author, in order, with what comes again. */
const sent = async () => {
  const found = await readToEnd(fixture.kafka, `${fixture.kafka.topicPrefix}tweets`, fixture.log);
  const byAuthor: Record<string, string[]> = {};
  for (const { message } of found) {
    const { authorId, tweetId } = TweetPosted.decode(toEnvelope(message).payload);
    (byAuthor[authorId] ??= []).push(tweetId);
  }
  return byAuthor;
};

const leaderPid = async () => {
  const { rows } = await admin.query<{ pid: number }>(
    `SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND datname = current_database()
       AND application_name = 'roost relay tweets'`,
  );
  return rows[0]?.pid;
};

const cut = async (pid: number | undefined) => {
  await admin.query('SELECT pg_terminate_backend($1)', [pid]);
};

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the outbox relay', () => {
  it('brings every row to Kafka once, in order per key, and deletes it', async () => {
    const waker = createOutboxWaker(fixture.pool, outboxChannel('tweets'));
    for (const id of range(1, 700)) await fixture.write(TweetPosted, aTweet(id, id % 3));
    start();
    for (const id of range(701, 900)) {
      await fixture.write(TweetPosted, aTweet(id, id % 3));
      waker.wake();
    }
    await until(fixture.outboxIsEmpty);
    await waker.close();

    const expected: Record<string, string[]> = {};
    for (const id of range(1, 900)) (expected[id % 3] ??= []).push(String(id));
    expect(await sent()).toEqual(expected);
    const metrics = await registry.metrics();
    expect(metrics).toContain('roost_outbox_rows{schema="tweets"} 0');
    expect(metrics).toContain('roost_outbox_age_seconds{schema="tweets"} 0');
    expect(metrics).toMatch(/roost_outbox_published_total\{schema="tweets",topic="tweets"\} [1-9]/);
  });

  it('says with each event which it is and when it was', async () => {
    await fixture.write(TweetDeleted, {
      tweetId: '5',
      authorId: '9',
      retweetEntries: [],
      inReplyToId: null,
      conversationId: null,
      quotedId: null,
    });
    const { rows } = await admin.query<{ event_id: string; occurred_at: Date }>(
      'SELECT event_id, occurred_at FROM tweets.outbox',
    );
    start();
    await until(fixture.outboxIsEmpty);
    const [found] = await readToEnd(fixture.kafka, `${fixture.kafka.topicPrefix}tweets`, fixture.log);
    expect(found?.message.key?.toString()).toBe('9');
    const headers = found?.message.headers;
    expect(header(headers, 'event-id')).toBe(rows[0]?.event_id);
    expect(header(headers, 'event-name')).toBe('TweetDeleted.v1');
    expect(header(headers, 'occurred-at')).toBe(String(rows[0]?.occurred_at.getTime()));
  });

  it('finds rows that nobody woke it for', async () => {
    start();
    await until(async () => (await leaderPid()) !== undefined);
    await fixture.write(TweetPosted, aTweet(1, 1));
    await until(fixture.outboxIsEmpty);
    expect(await sent()).toEqual({ 1: ['1'] });
  });

  it('sends again, and loses nothing, when it dies between the acknowledgement and the delete', async () => {
    for (const id of range(1, 5)) await fixture.write(TweetPosted, aTweet(id, 1));
    // Whoever holds the rows lets them be read and sent, but not deleted.
    await admin.query('BEGIN');
    await admin.query('SELECT FROM tweets.outbox FOR UPDATE');
    start();
    await until(async () => (await sent())[1]?.length === 5);
    await cut(await leaderPid());
    await admin.query('ROLLBACK');
    await until(fixture.outboxIsEmpty);

    const ids = (await sent())[1] ?? [];
    // Twice, or more often where it is cut off so late that it had given the rows up.
    expect(ids.length).toBeGreaterThan(5);
    expect(ids).toEqual(ids.map((_, at) => String((at % 5) + 1)));
    expect(ids.length % 5).toBe(0);
  });

  it('leads alone, and another takes over when the leader is cut off', async () => {
    start();
    start();
    await until(async () => (await leaderPid()) !== undefined);
    const first = await leaderPid();
    await fixture.write(TweetPosted, aTweet(1, 1));
    await until(fixture.outboxIsEmpty);

    await cut(first);
    await until(async () => {
      const now = await leaderPid();
      return now !== undefined && now !== first;
    });
    await fixture.write(TweetPosted, aTweet(2, 1));
    await until(fixture.outboxIsEmpty);
    expect(await sent()).toEqual({ 1: ['1', '2'] });
  });

  it('is rung by those who write beside it while it leads, and lets the leader be told otherwise', async () => {
    const both = [start(), start()];
    await until(() => both.some((relay) => relay.ring()));
    const leader = both.find((relay) => relay.ring());
    const other = both.find((relay) => relay !== leader);
    expect(other?.ring()).toBe(false);
    await leader?.stop();
    expect(leader?.ring()).toBe(false);
    await until(() => other?.ring() === true);
  });

  it('lets another lead when it stops', async () => {
    const first = start();
    await until(async () => (await leaderPid()) !== undefined);
    start();
    await first.stop();
    await fixture.write(TweetPosted, aTweet(1, 1));
    await until(fixture.outboxIsEmpty);
  });
});
