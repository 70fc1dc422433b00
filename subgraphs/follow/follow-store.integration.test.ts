import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UserFollowed } from '../../platform/events/user-followed.ts';
import type { Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import { openFollowStores, type FollowStores } from './follow-stores.builder.ts';
import type { Neighbour } from './list-store.ts';

const firstPage = (limit: number): Page => ({ from: 'start', limit, after: null, before: null });

describe('the follow store', () => {
  let stores: FollowStores;
  beforeAll(async () => {
    stores = await openFollowStores();
  });
  afterAll(() => stores.close());
  beforeEach(() => stores.reset());

  const follow = (followerId: Id, followeeId: Id, at = 1_000) =>
    stores.follows.follow(followerId, followeeId, new Date(at));
  const followersOf = async (viewerId: Id | null, userId: Id, page = firstPage(20)) =>
    (await stores.lists.followersOf(viewerId, [userId], page))[0]?.map((row) => row.userId);
  /** Asks a protected account, which gives the request's id. */
  async function ask(requesterId: Id, targetId: Id): Promise<Id> {
    const outcome = await follow(requesterId, targetId);
    if (outcome.type !== 'done' || outcome.request === null) throw new Error('there is no request');
    return outcome.request.id;
  }

  it('stores an edge both ways, counts it and announces it', async () => {
    expect(await follow('1', '2', 1_234)).toEqual({ type: 'done', request: null });
    const edge = (userId: Id) => [{ userId, followedAt: new Date(1_234) }];
    expect(await stores.lists.followedBy('1', ['1'], firstPage(20))).toEqual([edge('2')]);
    expect(await stores.lists.followersOf('1', ['2'], firstPage(20))).toEqual([edge('1')]);
    expect(await stores.relations.countsOf(['2', '1'])).toEqual([
      { followerCount: 1, followingCount: 0 },
      { followerCount: 0, followingCount: 1 },
    ]);
    const { rows } = await stores.admin.query<{ name: string; key: string; payload: Buffer }>(
      'SELECT name, key, payload FROM follows.outbox',
    );
    expect(rows).toMatchObject([{ name: 'UserFollowed.v1', key: '1' }]);
    expect(UserFollowed.decode(rows[0]?.payload ?? Buffer.alloc(0))).toEqual({
      followerId: '1',
      followeeId: '2',
      followedAtMs: 1_234,
    });
    expect(stores.wakes()).toBe(1);
  });

  it('changes nothing and announces nothing the second time', async () => {
    await follow('1', '2');
    await follow('1', '2');
    expect(await stores.follows.unfollow('1', '2')).toBe(true);
    expect(await stores.follows.unfollow('1', '2')).toBe(true);
    expect(await stores.told()).toEqual(['UserFollowed.v1', 'UserUnfollowed.v1']);
    const none = { followerCount: 0, followingCount: 0 };
    expect(await stores.relations.countsOf(['1', '2'])).toEqual([none, none]);
    expect(stores.wakes()).toBe(2);
  });

  it('knows no account that is not there, or is there no more', async () => {
    await stores.deactivate('3');
    for (const nobody of ['999', '3']) {
      expect(await follow('1', nobody)).toMatchObject({ type: 'refused' });
      expect(await stores.follows.unfollow('1', nobody)).toBe(false);
      expect(await stores.follows.removeFollower('1', nobody)).toBe(false);
    }
    expect(await stores.told()).toEqual([]);
  });

  it('removes a follower, who may follow again', async () => {
    await follow('2', '1');
    expect(await stores.follows.removeFollower('1', '2')).toBe(true);
    expect(await stores.follows.removeFollower('1', '2')).toBe(true);
    expect(await followersOf('1', '1')).toEqual([]);
    expect(await stores.told()).toEqual(['UserFollowed.v1', 'UserUnfollowed.v1']);
    expect(await follow('2', '1')).toEqual({ type: 'done', request: null });
  });

  describe('a protected account', () => {
    beforeEach(() => stores.protect('1'));

    it('is asked, once, and followed when it approves', async () => {
      const id = await ask('2', '1');
      expect(await ask('2', '1')).toBe(id);
      expect(await followersOf('1', '1')).toEqual([]);
      expect(await stores.follows.approve('1', id, new Date())).toBe('2');
      expect(await followersOf('1', '1')).toEqual(['2']);
      expect(await stores.told()).toEqual(['UserFollowed.v1']);
      expect(await follow('2', '1')).toEqual({ type: 'done', request: null });
      expect(await stores.follows.approve('1', id, new Date())).toBeNull();
    });

    it('turns a request down, and may be asked again', async () => {
      const id = await ask('2', '1');
      expect(await stores.follows.decline('1', id)).toBe('2');
      expect(await stores.follows.decline('1', id)).toBeNull();
      expect(await ask('2', '1')).not.toBe(id);
    });

    it('is asked no more once the request is withdrawn, by itself or by unfollowing', async () => {
      const id = await ask('2', '1');
      expect(await stores.follows.withdraw('2', id)).toBe('1');
      expect(await stores.follows.withdraw('2', id)).toBeNull();
      const again = await ask('2', '1');
      await stores.follows.unfollow('2', '1');
      expect(await stores.follows.approve('1', again, new Date())).toBeNull();
    });

    it('is the only one that may answer, and who asked the only one to withdraw', async () => {
      const id = await ask('2', '1');
      for (const other of ['2', '3']) {
        expect(await stores.follows.approve(other, id, new Date())).toBeNull();
        expect(await stores.follows.decline(other, id)).toBeNull();
      }
      expect(await stores.follows.withdraw('1', id)).toBeNull();
      expect(await stores.requests.byIds('3', [id])).toEqual([null]);
      expect(await stores.requests.byIds('1', [id])).toMatchObject([{ requesterId: '2', targetId: '1' }]);
      expect(await stores.requests.byIds('2', [id])).toMatchObject([{ requesterId: '2', targetId: '1' }]);
    });

    it('has those who wait in a list, latest first, and counted, as long as their accounts stand', async () => {
      const ids: Id[] = [];
      for (const requester of ['2', '3', '4', '5']) ids.unshift(await ask(requester, '1'));
      const page = await stores.requests.of('1', 'received', firstPage(2));
      expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 3));
      await stores.deactivate('5');
      expect(await stores.requests.countOf('1', 'received')).toBe(3);
      const rest = { ...firstPage(2), after: [ids[1] ?? ''] };
      expect((await stores.requests.of('1', 'received', rest)).map(({ id }) => id)).toEqual(ids.slice(2));
      expect(await stores.requests.countOf('2', 'sent')).toBe(1);
      await stores.admin.query('UPDATE users.users SET is_protected = false WHERE id = 1');
      expect(await stores.requests.countOf('1', 'received')).toBe(0);
      expect(await stores.requests.of('1', 'received', firstPage(2))).toEqual([]);
    });
  });

  it('pages the latest first, each edge once, also those of one millisecond', async () => {
    for (let n = 2; n <= 12; n += 1) await follow(String(n), '1', 1_000 + Math.floor(n / 4));
    const seen: Id[] = [];
    let after: string[] | null = null;
    for (;;) {
      const [found]: (Neighbour[] | null)[] = await stores.lists.followersOf('1', ['1'], {
        ...firstPage(3),
        after,
      });
      const rows = found ?? [];
      const page: Neighbour[] = rows.slice(0, 3);
      seen.push(...page.map((row) => row.userId));
      const last = page.at(-1);
      if (rows.length <= 3 || last === undefined) break;
      after = [String(last.followedAt.getTime()), last.userId];
    }
    expect(seen).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3', '2']);
  });
});
