import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Fixture, messagingFixture, until } from './fixture.ts';
import { createOutboxWaker, outboxChannel } from './outbox.ts';

let fixture: Fixture;
let listener: pg.Client;
let heard = 0;

beforeAll(async () => {
  fixture = await messagingFixture();
  listener = new pg.Client({ connectionString: fixture.adminUrl });
  listener.on('error', () => undefined);
  await listener.connect();
  listener.on('notification', () => {
    heard += 1;
  });
  await listener.query(`LISTEN ${outboxChannel('tweets')}`);
});

afterAll(async () => {
  await listener.end();
  await fixture.drop();
});

/** What was sent before a question is told before its answer. */
const allHeard = () => listener.query('SELECT 1');

it('wakes at most once in 5 ms, however many write', async () => {
  const waker = createOutboxWaker(fixture.pool, outboxChannel('tweets'));
  waker.wake();
  await until(() => heard === 1);

  heard = 0;
  const startedAt = performance.now();
  let wakes = 0;
  while (performance.now() - startedAt < 100 || heard < 2) {
    waker.wake();
    wakes += 1;
    // Lets what is due run, as a write would.
    await new Promise(setImmediate);
  }
  await waker.close();
  const atMost = Math.ceil((performance.now() - startedAt) / 5) + 1;
  await allHeard();
  expect(heard).toBeLessThanOrEqual(Math.min(atMost, wakes));
});

it('wakes again after its connection was cut', async () => {
  const waker = createOutboxWaker(fixture.pool, outboxChannel('tweets'));
  heard = 0;
  waker.wake();
  await until(() => heard === 1);
  await listener.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await until(() => {
    waker.wake();
    return heard > 1;
  });
  await waker.close();
  await allHeard();
});

it('tells nobody through Postgres while the relay beside it leads', async () => {
  heard = 0;
  let leads = true;
  const waker = createOutboxWaker(fixture.pool, outboxChannel('tweets'), () => leads);
  waker.wake();
  leads = false;
  waker.wake();
  await until(() => heard > 0);
  await waker.close();
  await allHeard();
  expect(heard).toBe(1);
});
