import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cursorOf } from '../connection.ts';
import { openFollowStores, type FollowStores } from './follow-stores.builder.ts';

const REFUSAL =
  'errors { __typename ... on UserError { code field } ... on RateLimitedError { retryAfterMs } }';
const FLAGS = `viewerIsFollowing isFollowingViewer viewerFollowRequest { id } viewerHasMuted viewerHasBlocked
  hasBlockedViewer viewerHasHiddenRetweets`;
const FOLLOW = `mutation ($userId: ID!) { followUser(input: { userId: $userId }) {
  user { followerCount viewerIsFollowing viewerFollowRequest { id } } followRequest { id requester { id } target { id } }
  follower { followingCount } ${REFUSAL} } }`;
const UNFOLLOW = `mutation ($userId: ID!) { unfollowUser(input: { userId: $userId }) {
  user { followerCount viewerIsFollowing } ${REFUSAL} } }`;

/** A mutation of somebody that gives the account. */
const of = (field: string) => `mutation ($userId: ID!) { change: ${field}(input: { userId: $userId }) {
  user { id ${FLAGS} } ${REFUSAL} } }`;
/** A mutation of a request. */
const answer = (field: string) => `mutation ($id: ID!) { change: ${field}(input: { followRequestId: $id }) {
  followRequestId user { id isFollowingViewer } errors { __typename } } }`;

const PEOPLE = `query ($people: [_Any!]!) { _entities(representations: $people) {
  ... on User { id followerCount followingCount ${FLAGS} followersYouKnow { nodes { id } count }
  followers { nodes { id } } following(first: 3) { nodes { id } } } } }`;
const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ __typename: 'User', id: `user_${n + 1}` }));
const person = (id: string) => ({ people: [{ __typename: 'User', id: `user_${id}` }] });

describe('the follow subgraph', () => {
  let stores: FollowStores;
  beforeAll(async () => {
    stores = await openFollowStores();
  });
  afterAll(() => stores.close());
  beforeEach(() => stores.reset());

  const ask: FollowStores['ask'] = (...asked) => stores.ask(...asked);

  it('answers a follow with what it changed, and the same again', async () => {
    const changed = {
      followUser: {
        user: { followerCount: 1, viewerIsFollowing: true, viewerFollowRequest: null },
        followRequest: null,
        follower: { followingCount: 1 },
        errors: [],
      },
    };
    expect((await ask('1', FOLLOW, { userId: 'user_2' })).data).toEqual(changed);
    expect((await ask('1', FOLLOW, { userId: 'user_2' })).data).toEqual(changed);
    expect((await ask('1', UNFOLLOW, { userId: 'user_2' })).data).toEqual({
      unfollowUser: { user: { followerCount: 0, viewerIsFollowing: false }, errors: [] },
    });
  });

  it('shows each change of one operation as it was then', async () => {
    const both = `mutation ($userId: ID!) {
      on: muteUser(input: { userId: $userId }) { user { viewerHasMuted } }
      off: unmuteUser(input: { userId: $userId }) { user { viewerHasMuted } }
    }`;
    expect((await ask('1', both, { userId: 'user_2' })).data).toEqual({
      on: { user: { viewerHasMuted: true } },
      off: { user: { viewerHasMuted: false } },
    });
  });

  it('asks a protected account, and lets the two concerned and nobody else see the request', async () => {
    await stores.protect('2');
    const { data } = await ask('1', FOLLOW, { userId: 'user_2' });
    expect(data).toMatchObject({
      followUser: {
        user: { followerCount: 0, viewerIsFollowing: false },
        followRequest: { requester: { id: 'user_1' }, target: { id: 'user_2' } },
        errors: [],
      },
    });
    const id = (data as { followUser: { followRequest: { id: string } } }).followUser.followRequest.id;
    expect(id).toMatch(/^request_\d+$/);

    const node = `query ($request: [_Any!]!) { _entities(representations: $request) { ... on FollowRequest { id } } }`;
    const request = { request: [{ __typename: 'FollowRequest', id }] };
    for (const concerned of ['1', '2'])
      expect((await ask(concerned, node, request)).data).toEqual({ _entities: [{ id }] });
    for (const other of ['3', null])
      expect((await ask(other, node, request)).data).toEqual({ _entities: [null] });
    const unknown = { request: [{ __typename: 'FollowRequest', id: 'request_999999' }] };
    expect((await ask('1', node, unknown)).data).toEqual({ _entities: [null] });
    const foreign = { request: [{ __typename: 'FollowRequest', id: 'user_2' }] };
    expect((await ask('1', node, foreign)).codes).toEqual(['BAD_USER_INPUT']);

    const refused = {
      change: { followRequestId: null, user: null, errors: [{ __typename: 'NotFoundError' }] },
    };
    for (const field of ['approveFollowRequest', 'declineFollowRequest', 'withdrawFollowRequest'])
      expect((await ask('3', answer(field), { id })).data).toMatchObject(refused);
    expect((await ask('1', answer('approveFollowRequest'), { id })).data).toMatchObject(refused);
    expect((await ask('2', answer('approveFollowRequest'), { id: 'tweet_1' })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await ask(null, answer('approveFollowRequest'), { id })).codes).toEqual(['UNAUTHENTICATED']);

    expect((await ask('2', answer('approveFollowRequest'), { id })).data).toEqual({
      change: { followRequestId: id, user: { id: 'user_1', isFollowingViewer: true }, errors: [] },
    });
    expect((await ask('2', answer('approveFollowRequest'), { id })).data).toMatchObject(refused);
  });

  it('lists requests on both sides with how many there are, and to nobody else', async () => {
    await stores.protect('2');
    for (const requester of ['1', '3', '4']) await ask(requester, FOLLOW, { userId: 'user_2' });
    const list = `query ($first: Int!, $after: String) { viewer {
      followRequests(first: $first, after: $after) {
        totalCount nodes { requester { id } } pageInfo { hasNextPage endCursor }
      }
      sentFollowRequests { totalCount edges { node { target { id } } } }
    } }`;
    const first = await ask('2', list, { first: 2 });
    expect(first.data).toMatchObject({
      viewer: {
        followRequests: {
          totalCount: 3,
          nodes: [{ requester: { id: 'user_4' } }, { requester: { id: 'user_3' } }],
          pageInfo: { hasNextPage: true },
        },
        sentFollowRequests: { totalCount: 0, edges: [] },
      },
    });
    type Lists = { viewer: { followRequests: { pageInfo: { endCursor: string } } } };
    const after = (first.data as Lists).viewer.followRequests.pageInfo.endCursor;
    expect((await ask('2', list, { first: 2, after })).data).toMatchObject({
      viewer: {
        followRequests: { nodes: [{ requester: { id: 'user_1' } }], pageInfo: { hasNextPage: false } },
      },
    });
    expect((await ask('1', list, { first: 2 })).data).toMatchObject({
      viewer: {
        followRequests: { totalCount: 0, nodes: [] },
        sentFollowRequests: { totalCount: 1, edges: [{ node: { target: { id: 'user_2' } } }] },
      },
    });
    expect((await ask(null, list, { first: 2 })).data).toEqual({ viewer: null });
    const viewer = `query ($who: [_Any!]!) { _entities(representations: $who) {
      ... on Viewer { followRequests { totalCount } } } }`;
    const of2 = { who: [{ __typename: 'Viewer', id: 'user_2' }] };
    expect((await ask('3', viewer, of2)).data).toEqual({ _entities: [null] });
    expect((await ask('2', viewer, of2)).data).toEqual({
      _entities: [{ followRequests: { totalCount: 3 } }],
    });
  });

  it.each([
    ['muteUser', 'unmuteUser', 'viewerHasMuted', 'mutedUsers', 'mutedAt'],
    ['blockUser', 'unblockUser', 'viewerHasBlocked', 'blockedUsers', 'blockedAt'],
    ['hideRetweets', 'showRetweets', 'viewerHasHiddenRetweets', 'hiddenRetweetUsers', 'hiddenAt'],
  ])('%s and %s are told by %s and listed in %s', async (begin, end, flag, list, at) => {
    const lists = `{ viewer { ${list} { edges { ${at} node { id } } pageInfo { hasNextPage } } } }`;
    for (let again = 0; again < 2; again += 1)
      expect((await ask('1', of(begin), { userId: 'user_2' })).data).toMatchObject({
        change: { user: { id: 'user_2', [flag]: true }, errors: [] },
      });
    expect((await ask('1', lists)).data).toMatchObject({
      viewer: { [list]: { edges: [{ node: { id: 'user_2' }, [at]: expect.any(String) }] } },
    });
    expect((await ask('2', lists)).data).toMatchObject({ viewer: { [list]: { edges: [] } } });
    for (let again = 0; again < 2; again += 1)
      expect((await ask('1', of(end), { userId: 'user_2' })).data).toMatchObject({
        change: { user: { id: 'user_2', [flag]: false }, errors: [] },
      });
    expect((await ask('1', lists)).data).toMatchObject({ viewer: { [list]: { edges: [] } } });
    expect(await stores.told()).toHaveLength(2);
  });

  it('refuses to do any of it to oneself or to nobody, in words', async () => {
    for (const field of ['followUser', 'muteUser', 'blockUser', 'hideRetweets'])
      expect((await ask('1', of(field), { userId: 'user_1' })).data).toMatchObject({
        change: { user: null, errors: [{ __typename: 'ValidationError', field: ['userId'] }] },
      });
    await stores.deactivate('3');
    const mutations = [
      'followUser',
      'muteUser',
      'blockUser',
      'hideRetweets',
      'unfollowUser',
      'removeFollower',
    ];
    for (const field of [...mutations, 'unmuteUser', 'unblockUser', 'showRetweets'])
      for (const nobody of ['user_999', 'user_3'])
        expect((await ask('1', of(field), { userId: nobody })).data).toMatchObject({
          change: { user: null, errors: [{ __typename: 'NotFoundError', code: 'NOT_FOUND' }] },
        });
  });

  it('tells a wrong kind of id, no id at all, and a signed-out caller apart', async () => {
    expect((await ask('1', FOLLOW, { userId: 'tweet_2' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask('1', FOLLOW, { userId: "user_2'; DROP TABLE" })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask('1', FOLLOW, { userId: 'user_99999999999999999999' })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await ask(null, FOLLOW, { userId: 'user_2' })).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ask('1', PEOPLE, { people: [{ __typename: 'User', id: 'request_2' }] })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  it('costs as many statements for twenty people as for two', async () => {
    const two = await ask('1', PEOPLE, { people: people(2) });
    const twenty = await ask('1', PEOPLE, { people: people(20) });
    expect(twenty.codes).toBeUndefined();
    // What is between them, both counts, a page of followers one knows, how many they are, and a page of either list.
    expect([two.statements, twenty.statements]).toEqual([6, 6]);
    expect(twenty.data?.['_entities']).toHaveLength(20);
  });

  it('says false, not an error, to somebody signed out', async () => {
    const { data, codes } = await ask(null, PEOPLE, { people: people(1) });
    expect(codes).toBeUndefined();
    expect(data).toMatchObject({
      _entities: [
        {
          viewerIsFollowing: false,
          isFollowingViewer: false,
          viewerFollowRequest: null,
          viewerHasMuted: false,
          viewerHasBlocked: false,
          hasBlockedViewer: false,
          viewerHasHiddenRetweets: false,
          followersYouKnow: { nodes: [], count: 0 },
        },
      ],
    });
  });

  it('knows no account that does not stand', async () => {
    await stores.deactivate('2');
    expect((await ask('1', PEOPLE, person('2'))).data).toEqual({ _entities: [null] });
    expect((await ask('1', PEOPLE, person('999'))).data).toEqual({ _entities: [null] });
  });

  const LIST = `query ($people: [_Any!]!, $first: Int, $after: String) { _entities(representations: $people) {
    ... on User { followers(first: $first, after: $after) {
      edges { cursor node { id } } nodes { id } pageInfo { hasNextPage endCursor } } } } }`;

  it('pages followers, and takes no cursor but one of this list', async () => {
    for (const userId of ['3', '4', '5']) await ask(userId, FOLLOW, { userId: 'user_2' });
    const first = await ask('1', LIST, { ...person('2'), first: 2 });
    expect(first.data).toMatchObject({
      _entities: [
        {
          followers: {
            edges: [{ node: { id: 'user_5' } }, { node: { id: 'user_4' } }],
            nodes: [{ id: 'user_5' }, { id: 'user_4' }],
            pageInfo: { hasNextPage: true },
          },
        },
      ],
    });
    type Lists = { _entities: [{ followers: { pageInfo: { endCursor: string } } }] };
    const after = (first.data as unknown as Lists)._entities[0].followers.pageInfo.endCursor;
    expect((await ask('1', LIST, { ...person('2'), first: 2, after })).data).toMatchObject({
      _entities: [{ followers: { edges: [{ node: { id: 'user_3' } }], pageInfo: { hasNextPage: false } } }],
    });
    const tampered = [
      after.slice(0, -4),
      'ZZZ',
      cursorOf('following-2', '1', '2'),
      cursorOf('followers-3', '1', '2'),
      cursorOf('followers-2', '1'),
      cursorOf('followers-2', '1', '2', '3'),
      cursorOf('followers-2', '9223372036854775807', '2'),
      cursorOf('followers-2', '1', '0'),
      cursorOf('followers-2', '-1', '2'),
      cursorOf('followers-2', '1; DROP TABLE', '2'),
    ];
    for (const cursor of tampered)
      expect((await ask('1', LIST, { ...person('2'), after: cursor })).codes).toEqual(['BAD_USER_INPUT']);
    for (const size of [0, -1, 101])
      expect((await ask('1', LIST, { ...person('2'), first: size })).codes).toEqual(['BAD_USER_INPUT']);
    const counted = `query ($people: [_Any!]!, $n: Int!) { _entities(representations: $people) {
      ... on User { followersYouKnow { count(atMost: $n) } } } }`;
    for (const n of [0, 1001])
      expect((await ask('1', counted, { ...person('2'), n })).codes).toEqual(['BAD_USER_INPUT']);
    for (const n of [0, 51])
      expect((await ask('1', `{ suggestedUsers(first: ${n}) { because } }`)).codes).toEqual([
        'BAD_USER_INPUT',
      ]);
  });

  it('refuses what is done too often, and says when to come back', async () => {
    const strict = await openFollowStores({
      use: () => Promise.resolve({ isAllowed: false, limit: 1, remaining: 0, resetMs: 5_000 }),
    });
    const limited = ['followUser', 'unfollowUser', 'removeFollower', 'muteUser', 'unmuteUser', 'blockUser'];
    for (const field of [...limited, 'unblockUser', 'hideRetweets', 'showRetweets'])
      expect((await strict.ask('1', of(field), { userId: 'user_2' })).data).toMatchObject({
        change: {
          user: null,
          errors: [{ __typename: 'RateLimitedError', code: 'RATE_LIMITED', retryAfterMs: 5_000 }],
        },
      });
    expect(await strict.told()).toEqual([]);
    await strict.close();
  });
});
