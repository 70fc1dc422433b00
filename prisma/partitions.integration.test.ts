import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { lowestIdAt } from '../platform/ids.ts';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';
import { partitionsRead as partitionsReadBy, type StatementParameter } from '../tests/partitions-read.ts';

// What docs/decisions/0003-partitions.md claims of each shape of statement, under the plan that a prepared statement
// ends up with: made once, without knowing its parameters.

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  // Enough rows that the planner prefers looking them up to reading a table whole.
  await client.query(`
    INSERT INTO users.users (id, username, display_name) SELECT n, n, n FROM generate_series(1, 50000) AS n;
    INSERT INTO tweets.likes (tweet_id, user_id) SELECT n, 9 FROM generate_series(1, 50000) AS n;
    INSERT INTO tweets.tweet_counters (tweet_id, slot) SELECT n, 0 FROM generate_series(1, 50000) AS n;
    ANALYZE users.users, tweets.likes, tweets.tweet_counters`);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const partitionsRead = (sql: string, ...parameters: StatementParameter[]) =>
  partitionsReadBy(client, sql, parameters);

const at = (moment: string) => lowestIdAt(Date.parse(moment));

/** Rows of hash partitions cannot be told by eye: asks Postgres where each id belongs. */
async function hashPartitions(table: string, ids: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT c.relname AS name
     FROM unnest($2::bigint[]) AS id, generate_series(0, 7) AS remainder, pg_class c
     WHERE satisfies_hash_partition($1::regclass, 8, remainder, id)
       AND c.oid = (($1::regclass)::text || '_p' || remainder)::regclass ORDER BY 1`,
    [table, ids],
  );
  return rows.map(({ name }) => name);
}

const february = at('2026-02-10Z');
const may = at('2026-05-10Z');
const june = at('2026-06-10Z');

describe('entries, in quarters of ids', () => {
  it('one id reads its quarter', async () => {
    expect(await partitionsRead('SELECT * FROM tweets.entries WHERE id = $1', may)).toEqual([
      'entries_2026q2',
    ]);
  });

  it('a list of ids with bounds reads only the quarters between the bounds', async () => {
    const byIds = 'SELECT * FROM tweets.entries WHERE id = ANY($1) AND id >= $2 AND id <= $3';
    expect(await partitionsRead(byIds, [may, june], may, june)).toEqual(['entries_2026q2']);
    expect(await partitionsRead(byIds, [february, may], february, may)).toEqual([
      'entries_2026q1',
      'entries_2026q2',
    ]);
  });

  it('a list of ids without bounds reads every quarter there is, and the default partition: the trap', async () => {
    const { rows } = await client.query(
      `SELECT FROM pg_inherits WHERE inhparent = 'tweets.entries'::regclass`,
    );
    const read = await partitionsRead('SELECT * FROM tweets.entries WHERE id = ANY($1)', [may, june]);
    expect(read).toHaveLength(rows.length);
    expect(read).toContain('entries_default');
  });

  it('a list of ids as parameters of their own, as Prisma sends it, reads their quarters', async () => {
    expect(await partitionsRead('SELECT * FROM tweets.entries WHERE id IN ($1, $2)', may, june)).toEqual([
      'entries_2026q2',
    ]);
  });

  it('an author’s newest below a cursor read one quarter, when the walk goes by quarters', async () => {
    const walk = `SELECT id FROM tweets.entries WHERE author_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT 20`;
    expect(await partitionsRead(walk, '7', june, at('2026-04-01Z'))).toEqual(['entries_2026q2']);
  });

  it('an author’s newest with only a cursor read all of the past', async () => {
    const open = `SELECT id FROM tweets.entries WHERE author_id = $1 AND id < $2 ORDER BY id DESC LIMIT 20`;
    expect(await partitionsRead(open, '7', at('2025-06-10Z'))).toEqual([
      'entries_2025q1',
      'entries_2025q2',
      'entries_default',
    ]);
  });

  it('the newest of several authors read one quarter', async () => {
    const merged = `SELECT newest.id FROM unnest($1::bigint[]) AS author(id) CROSS JOIN LATERAL (
        SELECT e.id FROM tweets.entries e WHERE e.author_id = author.id AND e.id < $2 AND e.id >= $3
        ORDER BY e.id DESC LIMIT 20) AS newest ORDER BY newest.id DESC LIMIT 20`;
    expect(await partitionsRead(merged, ['7', '8'], june, at('2026-04-01Z'))).toEqual(['entries_2026q2']);
  });

  describe('of a tweet in the 24 h before an entry', () => {
    const dayBefore = `SELECT 1 FROM tweets.entries WHERE tweet_id = $1 AND id < $2 AND id >= $3`;

    it('read one quarter', async () => {
      expect(await partitionsRead(dayBefore, may, june, at('2026-06-09Z'))).toEqual(['entries_2026q2']);
    });

    it('read two quarters just after midnight of a new one', async () => {
      const [morning, dayEarlier] = [at('2026-04-01T08:00Z'), at('2026-03-31T08:00Z')];
      expect(await partitionsRead(dayBefore, may, morning, dayEarlier)).toEqual([
        'entries_2026q1',
        'entries_2026q2',
      ]);
    });

    it('read for a whole page only the quarters of its days', async () => {
      const page = `SELECT entry.id, EXISTS (SELECT FROM tweets.entries e WHERE e.tweet_id = entry.tweet_id
          AND e.id < entry.id AND e.id >= entry.id - (86400000::bigint << 22))
        FROM unnest($1::bigint[], $2::bigint[]) AS entry(id, tweet_id)`;
      expect(await partitionsRead(page, [may, february], ['1', '2'])).toEqual([
        'entries_2026q1',
        'entries_2026q2',
      ]);
    });
  });
});

describe('tables in eight parts by the hash of an id', () => {
  const [one, two] = ['1', '2'];
  const lookups: [name: string, table: string, sql: string, ...rest: string[]][] = [
    ['an account by id', 'users.users', 'SELECT * FROM users.users WHERE id = $1'],
    ['its credentials', 'users.credentials', 'SELECT * FROM users.credentials WHERE user_id = $1'],
    [
      'followers of an account below a cursor',
      'follows.followers',
      `SELECT follower_id FROM follows.followers WHERE followee_id = $1 AND (followed_at, follower_id) < ($2, $3)
       ORDER BY followed_at DESC, follower_id DESC LIMIT 20`,
      '2026-05-10Z',
      '9',
    ],
    [
      'followers of an account for fan-out',
      'follows.followers',
      'SELECT follower_id FROM follows.followers WHERE followee_id = $1 AND follower_id > $2 ORDER BY follower_id LIMIT 1000',
      '0',
    ],
    [
      'whom an account follows',
      'follows.following',
      'SELECT followee_id FROM follows.following WHERE follower_id = $1',
    ],
    [
      'one edge',
      'follows.following',
      'SELECT FROM follows.following WHERE follower_id = $1 AND followee_id = $2',
      '9',
    ],
    ['one like', 'tweets.likes', 'SELECT FROM tweets.likes WHERE tweet_id = $1 AND user_id = $2', '9'],
    [
      'one retweet',
      'tweets.retweets',
      'SELECT entry_id FROM tweets.retweets WHERE tweet_id = $1 AND user_id = $2',
      '9',
    ],
    [
      'an account’s counts',
      'follows.user_counters',
      'SELECT sum(follower_count) FROM follows.user_counters WHERE user_id = $1',
    ],
  ];
  it.each(lookups)('%s: reads one', async (_name, table, sql, ...rest) => {
    expect(await partitionsRead(sql, one, ...rest)).toEqual(await hashPartitions(table, [one]));
  });

  it('a username reads one part, and is one person’s whatever part their account is in', async () => {
    expect(
      await partitionsRead('SELECT user_id FROM users.username_claims WHERE username = $1', 'ada'),
    ).toHaveLength(1);
    const claim = `INSERT INTO users.username_claims VALUES ('ada', $1) ON CONFLICT DO NOTHING`;
    expect((await client.query(claim, ['1'])).rowCount).toBe(1);
    expect((await client.query(claim, ['2'])).rowCount).toBe(0);
  });

  const lists: [name: string, table: string, sql: string, ...rest: string[]][] = [
    [
      'accounts by ids',
      'users.users',
      'SELECT u.* FROM unnest($1::bigint[]) AS wanted(id) JOIN users.users u ON u.id = wanted.id',
    ],
    [
      'a viewer’s likes of tweets',
      'tweets.likes',
      `SELECT l.tweet_id FROM unnest($1::bigint[]) AS wanted(id) JOIN tweets.likes l ON l.tweet_id = wanted.id AND l.user_id = $2`,
      '9',
    ],
    [
      'counts of tweets',
      'tweets.tweet_counters',
      `SELECT c.tweet_id, sum(c.like_count) FROM unnest($1::bigint[]) AS wanted(id)
       JOIN tweets.tweet_counters c ON c.tweet_id = wanted.id GROUP BY c.tweet_id`,
    ],
  ];
  it.each(lists)('%s, joined to the list: reads theirs', async (_name, table, sql, ...rest) => {
    expect(await partitionsRead(sql, [one, two], ...rest)).toEqual(await hashPartitions(table, [one, two]));
  });

  it('a list of ids with ANY reads all eight', async () => {
    expect(await partitionsRead('SELECT * FROM users.users WHERE id = ANY($1)', [one, two])).toHaveLength(8);
  });

  it('a list of ids as parameters of their own, as Prisma sends it, reads theirs', async () => {
    const read = await partitionsRead('SELECT * FROM users.users WHERE id IN ($1, $2)', one, two);
    expect(read).toEqual(await hashPartitions('users.users', [one, two]));
  });
});
