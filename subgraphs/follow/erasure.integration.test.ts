import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool, QueryConfig } from 'pg';
import { approveWaiting } from './approve-waiting.ts';
import { findFaults } from './counter-drift.ts';
import { askErasure, eraseAll } from './erasure.ts';
import { openFollowStores, type FollowStores } from './follow-stores.builder.ts';
import { refreshPopular } from './popular.ts';

const now = new Date();

describe('in the background', () => {
  let stores: FollowStores;
  beforeAll(async () => {
    stores = await openFollowStores();
    await stores.admin.query(
      `INSERT INTO users.users (id, username, display_name) SELECT n, 'u' || n, 'U' FROM generate_series(41, 600) n`,
    );
  });
  afterAll(() => stores.close());
  beforeEach(() => stores.reset());

  const rowsOf = async (table: string) =>
    (await stores.admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM follows.${table}`)).rows[0]?.n;
  const longAgo = () =>
    stores.admin.query(`UPDATE follows.erasures SET asked_at = now() - interval '1 hour'`);
  /** Everything there can be between account 1 and others. */
  async function aFullLife() {
    const { follows, distances } = stores;
    await follows.follow('1', '2', now);
    await follows.follow('2', '1', now);
    await follows.follow('3', '1', now);
    await follows.follow('2', '3', now);
    await stores.protect('1', '5');
    await follows.follow('4', '1', now);
    await follows.follow('1', '5', now);
    for (const distance of ['block', 'mute', 'hidden-retweets'] as const) {
      await distances.keep(distance, '1', '6', now);
      await distances.keep(distance, '7', '1', now);
    }
    await refreshPopular(stores.database.primary);
  }

  it('an account that is deleted takes with it all that it had to do with others, and counts stay exact', async () => {
    await aFullLife();
    await stores.deactivate('1');
    await askErasure(stores.database.primary, '1');
    await askErasure(stores.database.primary, '1');
    await longAgo();
    await eraseAll(stores.work);
    for (const table of ['follow_requests', 'blocks', 'mutes', 'hidden_retweets', 'erasures'])
      expect([table, await rowsOf(table)]).toEqual([table, 0]);
    expect(await rowsOf('following')).toBe(1);
    expect(await rowsOf('user_counters WHERE user_id = 1')).toBe(0);
    expect(await rowsOf('popular_accounts WHERE user_id = 1')).toBe(0);
    expect(await stores.relations.countsOf(['2', '3'])).toEqual([
      { followerCount: 0, followingCount: 1 },
      { followerCount: 1, followingCount: 0 },
    ]);
    expect((await stores.told()).filter((name) => name === 'UserUnfollowed.v1')).toHaveLength(3);
    expect(await findFaults(stores.database.primary)).toEqual([]);
  });

  it('an erasure watches for what was under way, and goes on after it broke off', async () => {
    await stores.admin.query(`
      INSERT INTO follows.following SELECT n, 1 FROM generate_series(2, 600) n;
      INSERT INTO follows.followers (followee_id, follower_id, followed_at)
        SELECT followee_id, follower_id, followed_at FROM follows.following;
      INSERT INTO follows.user_counters SELECT 1, hashint8(n) & 15, count(*), 0 FROM generate_series(2::bigint, 600) n GROUP BY 2;
      INSERT INTO follows.user_counters SELECT n, hashint8(1::bigint) & 15, 0, 1 FROM generate_series(2, 600) n`);
    expect(await findFaults(stores.database.primary)).toEqual([]);
    await askErasure(stores.database.primary, '1');
    const stopping = new AbortController();
    await eraseAll({ ...stores.work, wake: () => stopping.abort(), signal: stopping.signal });
    expect(await rowsOf('following')).toBe(399);
    expect(await findFaults(stores.database.primary)).toEqual([]);
    await Promise.all([eraseAll(stores.work), eraseAll(stores.work)]);
    expect(await rowsOf('following')).toBe(0);
    expect(await findFaults(stores.database.primary)).toEqual([]);
    // Somebody who had read the account before it was deleted.
    await stores.follows.follow('2', '1', now);
    expect(await rowsOf('erasures')).toBe(1);
    await longAgo();
    await eraseAll(stores.work);
    expect([await rowsOf('following'), await rowsOf('erasures')]).toEqual([0, 0]);
  });

  it('an erasure ends with the step in hand when it is told to stop', async () => {
    await aFullLife();
    await askErasure(stores.database.primary, '1');
    await longAgo();
    const stopping = new AbortController();
    const { primary } = stores.database;
    const stops = Object.create(primary, {
      query: {
        value: async (query: { name?: string }) => {
          const result = await primary.query(query as QueryConfig);
          if (query.name?.startsWith('erase-')) stopping.abort();
          return result;
        },
      },
    }) as Pool;
    await eraseAll({ ...stores.work, primary: stops, signal: stopping.signal });
    expect([await rowsOf('blocks'), await rowsOf('erasures')]).toEqual([2, 1]);
    await eraseAll(stores.work);
    expect([await rowsOf('blocks'), await rowsOf('erasures')]).toEqual([0, 0]);
  });

  it('an account that opens lets all follow who wait, and no other account does', async () => {
    await stores.protect('1', '2');
    for (let n = 3; n <= 250; n += 1) await stores.follows.follow(String(n), '1', now);
    await stores.follows.follow('3', '2', now);
    await approveWaiting(stores.work, '1');
    expect(await rowsOf('following')).toBe(0);
    await stores.admin.query('UPDATE users.users SET is_protected = false WHERE id = 1');
    await approveWaiting(stores.work, '2');
    expect(await rowsOf('following')).toBe(0);
    await approveWaiting(stores.work, '1');
    await approveWaiting(stores.work, '1');
    expect(await stores.relations.countsOf(['1'])).toEqual([{ followerCount: 248, followingCount: 0 }]);
    expect(await stores.told()).toEqual(Array(248).fill('UserFollowed.v1'));
    expect(await rowsOf('follow_requests')).toBe(1);
    expect(await findFaults(stores.database.primary)).toEqual([]);
  });

  it('a request that raced the opening of its account is found by the sweep', async () => {
    await stores.admin.query(
      'INSERT INTO follows.follow_requests (requester_id, target_id) VALUES (3, 1), (4, 2)',
    );
    await stores.protect('2');
    await approveWaiting(stores.work, null);
    expect(await stores.relations.countsOf(['1'])).toEqual([{ followerCount: 1, followingCount: 0 }]);
    expect(await rowsOf('follow_requests')).toBe(1);
  });
});
