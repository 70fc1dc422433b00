import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { connectDatabase, type Database } from '../../platform/postgres.ts';
import { createLog } from '../../platform/process/log.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { createFollowStore, type FollowStore } from './follow-store.ts';
import { UserFollowed } from '../../platform/events/user-followed.ts';

const PRIMARY = { readsOwnWrites: true };
const firstPage = (limit: number) => ({ from: 'start', limit, after: null, before: null }) as const;

describe('the follow store', () => {
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;
  let follows: FollowStore;
  let wakes = 0;

  beforeAll(async () => {
    test = await testDatabase();
    admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    database = connectDatabase({ url: test.env.FOLLOW_DATABASE_URL, name: 'test', log: createLog('test') });
    follows = createFollowStore(database, () => (wakes += 1));
    await admin.query(
      `INSERT INTO users.users (id, username, display_name) SELECT n, 'u' || n, 'U' FROM generate_series(1, 40) n`,
    );
  });
  afterAll(async () => {
    await database.close();
    await admin.end();
    await test.drop();
  });
  beforeEach(async () => {
    await admin.query('TRUNCATE follows.following, follows.followers, follows.user_counters, follows.outbox');
    wakes = 0;
  });

  const follow = (followerId: string, followeeId: string, at = 1_000) =>
    follows.follow({ followerId, followeeId, followedAt: new Date(at) });
  const events = async () =>
    (
      await admin.query<{ name: string; key: string; payload: Buffer }>(
        'SELECT name, key, payload FROM follows.outbox ORDER BY id',
      )
    ).rows;

  it('stores an edge both ways, counts it and announces it, in one statement', async () => {
    expect(await follow('1', '2', 1_234)).toEqual({ changed: true });
    expect(await follows.followedBy('1', firstPage(20), PRIMARY)).toEqual([
      { userId: '2', followedAt: new Date(1_234) },
    ]);
    expect(await follows.followersOf('2', firstPage(20), PRIMARY)).toEqual([
      { userId: '1', followedAt: new Date(1_234) },
    ]);
    expect(await follows.countsOf(['2', '1'])).toEqual([
      { followerCount: 1, followingCount: 0 },
      { followerCount: 0, followingCount: 1 },
    ]);
    const [event] = await events();
    expect(event).toMatchObject({ name: 'UserFollowed.v1', key: '1' });
    expect(UserFollowed.decode(event?.payload ?? Buffer.alloc(0))).toEqual({
      followerId: '1',
      followeeId: '2',
      followedAtMs: 1_234,
    });
    expect(wakes).toBe(1);
  });

  it('changes nothing and announces nothing the second time', async () => {
    await follow('1', '2');
    expect(await follow('1', '2')).toEqual({ changed: false });
    await follows.unfollow({ followerId: '1', followeeId: '2' });
    expect(await follows.unfollow({ followerId: '1', followeeId: '2' })).toEqual({ changed: false });
    expect((await events()).map((event) => event.name)).toEqual(['UserFollowed.v1', 'UserUnfollowed.v1']);
    const none = { followerCount: 0, followingCount: 0 };
    expect(await follows.countsOf(['1', '2'])).toEqual([none, none]);
  });

  it('knows no account that is not there', async () => {
    expect(await follow('1', '999')).toBeNull();
    expect(await follows.unfollow({ followerId: '1', followeeId: '999' })).toBeNull();
    expect(await events()).toEqual([]);
  });

  it('pages the latest first, each edge once, also those of one millisecond', async () => {
    for (let n = 2; n <= 12; n += 1) await follow(String(n), '1', 1_000 + Math.floor(n / 4));
    const seen: string[] = [];
    let after: string[] | null = null;
    for (;;) {
      const rows = await follows.followersOf('1', { from: 'start', limit: 3, after, before: null }, PRIMARY);
      const page = rows.slice(0, 3);
      seen.push(...page.map((row) => row.userId));
      const last = page.at(-1);
      if (rows.length <= 3 || last === undefined) break;
      after = [String(last.followedAt.getTime()), last.userId];
    }
    expect(seen).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3', '2']);
  });

  it('tells on which side of an edge the viewer stands', async () => {
    await follow('1', '2');
    await follow('3', '1');
    expect(await follows.followedAmong('1', ['2', '3'])).toEqual(new Set(['2']));
    expect(await follows.followersAmong('1', ['2', '3'])).toEqual(new Set(['3']));
  });

  it('counts exactly after a storm of follows and unfollows from all sides at once', async () => {
    const people = Array.from({ length: 12 }, (_, n) => String(n + 1));
    const pairs = people.flatMap((a) => people.filter((b) => b !== a).map((b) => [a, b] as const));
    await Promise.all(pairs.map(([a, b]) => follow(a, b)));
    await Promise.all(
      pairs.flatMap(([a, b], n) => [
        n % 3 === 0 ? follows.unfollow({ followerId: a, followeeId: b }) : follow(a, b),
        n % 5 === 0 ? follow(a, b) : follows.unfollow({ followerId: a, followeeId: b }),
      ]),
    );
    const { rows } = await admin.query(`
      SELECT user_id, sum(follower_count) - (SELECT count(*) FROM follows.followers WHERE followee_id = user_id) AS followers,
             sum(following_count) - (SELECT count(*) FROM follows.following WHERE follower_id = user_id) AS following
      FROM follows.user_counters GROUP BY user_id
      HAVING sum(follower_count) <> (SELECT count(*) FROM follows.followers WHERE followee_id = user_id)
          OR sum(following_count) <> (SELECT count(*) FROM follows.following WHERE follower_id = user_id)`);
    expect(rows).toEqual([]);
    const mirrored = await admin.query(`
      SELECT follower_id, followee_id FROM follows.following EXCEPT SELECT follower_id, followee_id FROM follows.followers
      UNION ALL (SELECT follower_id, followee_id FROM follows.followers EXCEPT SELECT follower_id, followee_id FROM follows.following)`);
    expect(mirrored.rows).toEqual([]);
  });
});
