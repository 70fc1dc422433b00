import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';
import type { RoleName } from './roles.ts';

const OWN_SCHEMA: Record<RoleName, string> = {
  user: 'users',
  tweet: 'tweets',
  follow: 'follows',
  timeline: 'timelines',
};
const ROLES: RoleName[] = ['user', 'tweet', 'follow', 'timeline'];

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = await signIn(database.adminUrl);
  // A table of a later migration must be reachable too; timeline has none yet.
  await admin.query('CREATE TABLE timelines.later ()');
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function signIn(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

async function as<T>(role: RoleName, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const { env } = database;
  const urls: Record<RoleName, string> = {
    user: env.USER_DATABASE_URL,
    tweet: env.TWEET_DATABASE_URL,
    follow: env.FOLLOW_DATABASE_URL,
    timeline: env.TIMELINE_DATABASE_URL,
  };
  const client = await signIn(urls[role]);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Tables that statements name, and views: not the partitions behind them. */
async function relations(schemas: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname LIKE $1 AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition ORDER BY 1`,
    [schemas],
  );
  return rows.map(({ name }) => name);
}

describe.each(ROLES)('the role of %s', (role) => {
  it('reads and writes every table of its own', async () => {
    const own = await relations(OWN_SCHEMA[role]);
    expect(own).not.toEqual([]);
    await as(role, async (client) => {
      for (const table of own) {
        await client.query(`SELECT FROM ${table} LIMIT 1`);
        await client.query(`DELETE FROM ${table} WHERE false`);
        await client.query(`INSERT INTO ${table} SELECT * FROM ${table} WHERE false`);
      }
    });
  });

  it('reads what is published, and cannot write it', async () => {
    const published = await relations('%\\_published');
    expect(published).not.toEqual([]);
    await as(role, async (client) => {
      for (const view of published) {
        await client.query(`SELECT FROM ${view} LIMIT 1`);
        await expect(client.query(`DELETE FROM ${view} WHERE false`)).rejects.toThrow(
          'permission denied for view',
        );
      }
    });
  });

  it('is denied every table of the others', async () => {
    await as(role, async (client) => {
      for (const other of ROLES.filter((name) => name !== role)) {
        for (const table of await relations(OWN_SCHEMA[other])) {
          await expect(client.query(`SELECT FROM ${table}`)).rejects.toThrow('permission denied for schema');
        }
      }
    });
  });

  it('cannot make or drop tables', async () => {
    await as(role, async (client) => {
      await expect(client.query(`CREATE TABLE ${OWN_SCHEMA[role]}.mine ()`)).rejects.toThrow(
        'permission denied',
      );
      await expect(client.query('CREATE TABLE public.mine ()')).rejects.toThrow('permission denied');
      await expect(client.query('SELECT FROM _prisma_migrations')).rejects.toThrow('permission denied');
    });
  });
});

it('only the role of tweet makes partitions', async () => {
  const make = (client: pg.Client) =>
    client.query(`SELECT tweets.ensure_entry_partitions(0, '2040-05-01Z') AS made`);
  await expect(as('user', make)).rejects.toThrow('permission denied');
  expect((await as('tweet', make)).rows).toEqual([{ made: 'entries_2040q2' }]);
});

it('draws worker numbers and outbox ids from its own sequences', async () => {
  await as('tweet', async (client) => {
    await client.query(`SELECT nextval('tweets.worker_numbers')`);
    await client.query(`INSERT INTO tweets.outbox (topic, key, name, payload) VALUES ('t', 'k', 'n', '')`);
    await expect(client.query(`SELECT nextval('users.worker_numbers')`)).rejects.toThrow('permission denied');
  });
});
