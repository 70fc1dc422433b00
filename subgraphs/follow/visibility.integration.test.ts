import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import { openFollowStores, type FollowStores } from './follow-stores.builder.ts';
import { refreshPopular } from './popular.ts';
import { suggest } from './suggestions.ts';

const firstPage = (limit: number): Page => ({ from: 'start', limit, after: null, before: null });
const now = new Date();

describe('who may see what', () => {
  let stores: FollowStores;
  beforeAll(async () => {
    stores = await openFollowStores();
  });
  afterAll(() => stores.close());
  beforeEach(() => stores.reset());

  const follow = (followerId: Id, followeeId: Id, atMs = 1_000) =>
    stores.follows.follow(followerId, followeeId, new Date(atMs));
  const block = (who: Id, whom: Id) => stores.distances.keep('block', who, whom, now);
  const followersOf = async (viewerId: Id | null, userId: Id, limit = 20) =>
    (await stores.lists.followersOf(viewerId, [userId], firstPage(limit)))[0]?.map((row) => row.userId) ??
    null;
  const followedBy = async (viewerId: Id | null, userId: Id) =>
    (await stores.lists.followedBy(viewerId, [userId], firstPage(20)))[0]?.map((row) => row.userId) ?? null;
  const known = async (viewerId: Id | null, ...userIds: Id[]) =>
    (await stores.lists.knownFollowersOf(viewerId, userIds, firstPage(20))).map(
      (rows) => rows?.map((row) => row.userId) ?? null,
    );

  it('the lists of a protected account are for itself and its followers', async () => {
    await follow('2', '1');
    await follow('1', '3');
    await stores.protect('1');
    await follow('4', '1');
    for (const viewer of ['1', '2']) {
      expect(await followersOf(viewer, '1')).toEqual(['2']);
      expect(await followedBy(viewer, '1')).toEqual(['3']);
    }
    for (const viewer of ['3', '4', null]) {
      expect(await followersOf(viewer, '1')).toBeNull();
      expect(await followedBy(viewer, '1')).toBeNull();
      expect(await known(viewer, '1')).toEqual([null]);
    }
    expect(await followersOf('4', '3')).toEqual(['1']);
  });

  it('a block ends follows and requests both ways, and hides lists both ways, at once', async () => {
    await follow('1', '2');
    await follow('2', '1');
    await stores.protect('1', '2');
    await stores.follows.unfollow('1', '2');
    await follow('1', '2');
    expect(await stores.requests.countOf('1', 'sent')).toBe(1);
    await block('1', '2');
    for (const [viewer, other] of [
      ['1', '2'],
      ['2', '1'],
    ] as const) {
      expect(await followersOf(viewer, other)).toBeNull();
      expect(await followedBy(viewer, other)).toBeNull();
      expect(await known(viewer, other)).toEqual([null]);
      expect(await followersOf(viewer, viewer)).toEqual([]);
      expect(await stores.requests.countOf(viewer, 'sent')).toBe(0);
      expect(await stores.follows.follow(viewer, other, now)).toMatchObject({
        error: { __typename: 'ForbiddenError' },
      });
    }
    expect(await stores.told()).toEqual([
      'UserFollowed.v1',
      'UserFollowed.v1',
      'UserUnfollowed.v1',
      'UserUnfollowed.v1',
      'UserBlocked.v1',
    ]);
    const none = { followerCount: 0, followingCount: 0 };
    expect(await stores.relations.countsOf(['1', '2'])).toEqual([none, none]);
    await stores.distances.release('block', '1', '2');
    expect(await stores.lists.followersOf('2', ['1'], firstPage(1))).toEqual([null]);
    expect(await followersOf('1', '1')).toEqual([]);
  });

  it('people across a block and accounts that ended are in no list, and a page is filled up', async () => {
    for (const follower of ['2', '3', '4', '5', '6']) await follow(follower, '1', Number(follower) * 1_000);
    await block('6', '9');
    await block('9', '4');
    await stores.deactivate('5');
    expect(await followersOf('9', '1', 1)).toEqual(['3', '2']);
    expect(await followersOf('8', '1')).toEqual(['6', '4', '3', '2']);
    expect(await followersOf(null, '1')).toEqual(['6', '4', '3', '2']);
    expect(await followersOf('9', '5')).toBeNull();
    expect(await followersOf('9', '999')).toBeNull();
    const several = await stores.lists.followersOf('9', ['5', '1', '999', '7'], firstPage(1));
    expect(several.map((rows) => rows?.map(({ userId }) => userId))).toEqual([
      undefined,
      ['3', '2'],
      undefined,
      [],
    ]);
  });

  it('followers you know are those you followed first, never yourself, and none to a stranger', async () => {
    for (const friend of ['5', '3', '4', '6']) await follow('1', friend, 1_000 + Number(friend));
    for (const friend of ['3', '4', '5', '7', '1']) await follow(friend, '2');
    await stores.deactivate('4');
    expect(await known('1', '2', '1', '8')).toEqual([['3', '5'], [], []]);
    expect(await known('9', '2')).toEqual([[]]);
    expect(await known(null, '2')).toEqual([[]]);
    const rest: Page = { ...firstPage(5), after: ['1003', '3'] };
    expect(await stores.lists.knownFollowersOf('1', ['2'], rest)).toEqual([
      [{ userId: '5', followedAt: new Date(1_005) }],
    ]);
    expect(await stores.lists.countKnownFollowersOf('1', ['2', '8'], 100)).toEqual([2, 0]);
    expect(await stores.lists.countKnownFollowersOf('1', ['2'], 1)).toEqual([1]);
  });

  it('people to follow are whom friends follow, then who follows, then whom many follow', async () => {
    await follow('1', '2');
    await follow('1', '3');
    for (const friend of ['2', '3']) await follow(friend, '10');
    await follow('2', '11');
    await follow('12', '1');
    for (const somebody of ['20', '21', '22', '23']) await follow(somebody, '13');
    await refreshPopular(stores.database.primary);
    expect(
      (await suggest(stores.database.primary, '1', 4)).map(({ userId, because }) => [userId, because]),
    ).toEqual([
      ['10', 'FOLLOWED_BY_PEOPLE_YOU_FOLLOW'],
      ['11', 'FOLLOWED_BY_PEOPLE_YOU_FOLLOW'],
      ['12', 'FOLLOWS_YOU'],
      ['13', 'POPULAR'],
    ]);
    expect(await suggest(stores.database.primary, null, 1)).toEqual([{ userId: '13', because: 'POPULAR' }]);
    expect(
      (await stores.ask('1', '{ suggestedUsers(first: 1) { user { id } because explanation } }')).data,
    ).toEqual({
      suggestedUsers: [
        {
          user: { id: 'user_10' },
          because: 'FOLLOWED_BY_PEOPLE_YOU_FOLLOW',
          explanation: 'Followed by people you follow.',
        },
      ],
    });
  });

  it('nobody is suggested whom one has to do with, or who is gone', async () => {
    await follow('1', '2');
    for (const somebody of ['1', '2', '10', '11', '12', '13', '14', '15']) await follow('3', somebody);
    for (const somebody of ['1', '10', '11', '12', '13', '14', '15', '16']) await follow('2', somebody);
    for (const somebody of ['10', '11', '12', '13', '14', '16']) await follow(somebody, '1');
    await refreshPopular(stores.database.primary);
    await follow('1', '10');
    await stores.protect('11');
    await follow('1', '11');
    await stores.distances.keep('mute', '1', '12', now);
    await block('1', '13');
    await block('14', '1');
    await stores.deactivate('15');
    expect((await suggest(stores.database.primary, '1', 50)).map(({ userId }) => userId)).toEqual([
      '16',
      '3',
    ]);
    // The list of the popular is from before; whom each may see is asked each time.
    expect((await suggest(stores.database.primary, null, 50)).map(({ userId }) => userId)).not.toContain(
      '15',
    );
  });
});
