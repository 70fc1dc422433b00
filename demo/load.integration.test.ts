import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { findFaults } from '../subgraphs/follow/counter-drift.ts';
import { counterDrift } from '../subgraphs/tweet/counter-drift.ts';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';
import { loadDemo } from './load.ts';

describe('the demo as it is loaded', () => {
  let database: TestDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.adminUrl, max: 1 });
    await loadDemo({ adminUrl: database.adminUrl, people: 80, tweets: 2000 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('has counters that say what its rows say', async () => {
    expect(await counterDrift(pool)).toEqual([]);
    expect(await findFaults(pool)).toEqual([]);
  });

  it('is loaded once', async () => {
    expect(await loadDemo({ adminUrl: database.adminUrl })).toBeNull();
  });

  it('fills every table that people fill', async () => {
    const tables = [
      'tweets.entries WHERE deleted_at IS NOT NULL',
      'tweets.entries WHERE quoted_id IS NOT NULL',
      'tweets.entries WHERE reply_policy IS NOT NULL',
      ...['revisions', 'bookmarks', 'pins', 'hashtags', 'likes', 'retweets'].map((name) => `tweets.${name}`),
      ...['follow_requests', 'blocks', 'mutes', 'hidden_retweets'].map((name) => `follows.${name}`),
      'users.users WHERE is_protected',
    ];
    for (const table of tables) {
      const { rows } = await pool.query<{ here: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS here`);
      expect({ table, here: rows[0]?.here }).toEqual({ table, here: true });
    }
  });
});
