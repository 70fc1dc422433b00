import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Id } from '../../platform/ids.ts';
import { approveWaiting } from './approve-waiting.ts';
import { findFaults } from './counter-drift.ts';
import { openFollowStores, type FollowStores } from './follow-stores.builder.ts';

const now = new Date();

/** All of them, many at once, but not so many that any waits for a connection until it is refused one. */
async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<unknown> | undefined): Promise<void> {
  const left = [...all];
  const lane = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: 40 }, lane));
}

describe('at the same time', () => {
  let stores: FollowStores;
  beforeAll(async () => {
    stores = await openFollowStores();
  });
  afterAll(() => stores.close());
  beforeEach(() => stores.reset());

  const count = async (table: string) =>
    (await stores.admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM follows.${table}`)).rows[0]?.n;

  it('a follow and a block leave no edge, whichever comes first', async () => {
    const pairs = Array.from({ length: 100 }, (_, n): [Id, Id] => [
      String((n % 10) + 1),
      String(Math.floor(n / 10) + 21),
    ]);
    await inLanes(pairs, ([a, b]) =>
      Promise.all([
        stores.follows.follow(a, b, now),
        stores.distances.keep('block', b, a, now),
        stores.follows.follow(b, a, now),
      ]),
    );
    expect(await count('following')).toBe(0);
    expect(await findFaults(stores.database.primary)).toEqual([]);
  });

  it('an approval, a block and an opening of the account leave no request, and no edge across the block', async () => {
    await stores.protect('1');
    const requesters = Array.from({ length: 39 }, (_, n) => String(n + 2));
    await Promise.all(requesters.map((id) => stores.follows.follow(id, '1', now)));
    const waiting = await stores.requests.of('1', 'received', {
      from: 'start',
      limit: 99,
      after: null,
      before: null,
    });
    await stores.admin.query('UPDATE users.users SET is_protected = false WHERE id = 1');
    await Promise.all([
      approveWaiting(stores.work, '1'),
      approveWaiting(stores.work, null),
      ...waiting.flatMap(({ id, requesterId }, n) => [
        n % 2 === 0 ? stores.follows.approve('1', id, now) : stores.follows.unfollow(requesterId, '1'),
        n % 3 === 0 ? stores.distances.keep('block', requesterId, '1', now) : null,
      ]),
    ]);
    expect(await count('follow_requests')).toBe(0);
    expect(await findFaults(stores.database.primary)).toEqual([]);
    expect(await count('blocks')).toBe(13);
  });

  it('a storm of all that people can do leaves every counter exact', async () => {
    await stores.protect('3', '6', '9');
    const people = Array.from({ length: 12 }, (_, n) => String(n + 1));
    let seed = 4711;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const { follows, distances, requests } = stores;
    const deeds: ((a: Id, b: Id) => Promise<unknown>)[] = [
      (a, b) => follows.follow(a, b, now),
      (a, b) => follows.follow(b, a, now),
      (a, b) => follows.unfollow(a, b),
      (a, b) => follows.removeFollower(a, b),
      (a, b) => distances.keep('block', a, b, now),
      (a, b) => distances.release('block', a, b),
      async (a) => {
        const page = await requests.of(a, 'received', { from: 'start', limit: 5, after: null, before: null });
        await Promise.all(page.map(({ id }) => follows.approve(a, id, now)));
      },
      async (a) => {
        const page = await requests.of(a, 'sent', { from: 'start', limit: 5, after: null, before: null });
        await Promise.all(page.map(({ id }) => follows.withdraw(a, id)));
      },
      () => approveWaiting(stores.work, null),
    ];
    const storm = Array.from({ length: 1_000 }, () => {
      const a = people[random(12)] ?? '';
      const b = people[(Number(a) + random(11)) % 12] ?? '';
      const deed = deeds[random(deeds.length)];
      return () => deed?.(a, b);
    });
    await inLanes(storm, (deed) => deed());
    expect(await findFaults(stores.database.primary)).toEqual([]);
    expect(await count('following')).toBeGreaterThan(0);
    expect((await stores.told()).filter((name) => name === 'UserFollowed.v1').length).toBe(
      ((await count('following')) ?? 0) +
        (await stores.told()).filter((name) => name === 'UserUnfollowed.v1').length,
    );
  });

  it('faults are found where there are some', async () => {
    await stores.follows.follow('1', '2', now);
    await stores.follows.follow('3', '2', now);
    await stores.admin.query(`
      UPDATE follows.user_counters SET follower_count = 9 WHERE user_id = 2
        AND slot = (SELECT min(slot) FROM follows.user_counters WHERE user_id = 2);
      DELETE FROM follows.followers WHERE follower_id = 3;
      INSERT INTO follows.blocks (blocker_id, blocked_id) VALUES (2, 1);
      INSERT INTO follows.follow_requests (requester_id, target_id) VALUES (2, 1)`);
    const found = (await findFaults(stores.database.primary)).map(({ fault, id }) => [fault, id]);
    expect(found.toSorted()).toEqual([
      ['edge across a block', '1 2'],
      ['follower_count', '2'],
      ['one-sided edge', '3 2'],
      ['request across a block', '2 1'],
    ]);
  });
});
