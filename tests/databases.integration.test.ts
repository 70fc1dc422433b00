import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from './databases.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values(((await client.query(statement)).rows[0] ?? {}) as object)[0];
  } finally {
    await client.end();
  }
}

it('lets each role into its own schema, on the primary and the replica, and not into others', async () => {
  const { TWEET_DATABASE_URL, TWEET_DATABASE_REPLICA_URL, USER_DATABASE_URL } = database.env;
  expect(await ask(TWEET_DATABASE_URL, 'SELECT count(*) FROM tweets.entries')).toBe('0');
  expect(await ask(TWEET_DATABASE_REPLICA_URL, 'SELECT count(*) FROM tweets.entries')).toBe('0');
  expect(await ask(USER_DATABASE_URL, 'SELECT current_user')).toBe('roost_user');
  await expect(ask(USER_DATABASE_URL, 'SELECT count(*) FROM tweets.entries')).rejects.toThrow(
    'permission denied',
  );
});

it('gives each caller a database and prefixes of its own', async () => {
  const other = await testDatabase();
  try {
    await ask(other.adminUrl, 'CREATE TABLE public.mine ()');
    expect(await ask(database.adminUrl, `SELECT to_regclass('public.mine')`)).toBeNull();
    expect(other.env.KAFKA_TOPIC_PREFIX).not.toBe(database.env.KAFKA_TOPIC_PREFIX);
    expect(other.env.REDIS_KEY_PREFIX).not.toBe(database.env.REDIS_KEY_PREFIX);
  } finally {
    await other.drop();
  }
});
