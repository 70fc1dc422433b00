import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { lowestIdAt } from '../platform/ids.ts';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';

let database: TestDatabase;
let client: pg.Client;
let other: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  other = new pg.Client({ connectionString: database.adminUrl });
  await Promise.all([client.connect(), other.connect()]);
});

afterAll(async () => {
  await Promise.all([client.end(), other.end()]);
  await database.drop();
});

const at = (moment: string) => lowestIdAt(Date.parse(moment));

describe('ensure_entry_partitions', () => {
  const insert =
    'INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, created_at) VALUES ($1, 7, $1, 7, now())';
  const homeOf = async (id: string) => {
    const { rows } = await client.query(
      'SELECT tableoid::regclass::text AS home FROM tweets.entries WHERE id = $1',
      [id],
    );
    return rows;
  };
  const ensure = async (since: string, by = client) => {
    const sql = 'SELECT tweets.ensure_entry_partitions(0, $1) AS name';
    return (await by.query<{ name: string }>(sql, [since])).rows.map(({ name }) => name);
  };

  /** Resolves when `other` stands in a queue for a lock. */
  const otherWaits = async () => {
    const sql = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'`;
    while ((await client.query(sql)).rowCount === 0);
  };

  it('cuts the quarters where ids of the platform begin', async () => {
    const { rows } = await client.query(`SELECT tweets.lowest_id_at('2026-04-01T00:00:00.001Z')::text AS id`);
    expect(rows).toEqual([{ id: at('2026-04-01T00:00:00.001Z') }]);
  });

  it('moves rows that fell into the default partition into their quarter', async () => {
    const id = at('2032-05-10Z');
    await client.query(insert, [id]);
    expect(await homeOf(id)).toEqual([{ home: 'tweets.entries_default' }]);
    expect(await ensure('2032-05-01Z')).toEqual(['entries_2032q2']);
    expect(await homeOf(id)).toEqual([{ home: 'tweets.entries_2032q2' }]);
  });

  it('takes along what is being written into the default partition at that moment', async () => {
    const id = at('2033-05-10Z');
    await client.query('BEGIN');
    await client.query(insert, [id]);
    const made = ensure('2033-05-01Z', other);
    await otherWaits();
    await client.query('COMMIT');
    expect(await made).toEqual(['entries_2033q2']);
    expect(await homeOf(id)).toEqual([{ home: 'tweets.entries_2033q2' }]);
  });

  it('makes a quarter once when it runs twice at once', async () => {
    const made = await Promise.all([ensure('2034-05-01Z'), ensure('2034-05-01Z', other)]);
    expect(made.flat()).toEqual(['entries_2034q2']);
  });
});
