import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graphql } from 'graphql';
import pg from 'pg';
import { connectDatabase, type Database } from '../../platform/postgres.ts';
import { createLog } from '../../platform/process/log.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { counting } from '../../tests/statements.ts';
import { schemaOf } from '../subgraph.ts';
import type { Viewer } from '../viewer.ts';
import type { Context } from './context.ts';
import { createFollowStore } from './follow-store.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

describe('the follow subgraph', () => {
  const schema = schemaOf(import.meta.dirname, resolvers);
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;

  beforeAll(async () => {
    test = await testDatabase();
    admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    database = connectDatabase({ url: test.env.FOLLOW_DATABASE_URL, name: 'test', log: createLog('test') });
    await admin.query(
      `INSERT INTO users.users (id, username, display_name) SELECT n, 'u' || n, 'U' FROM generate_series(1, 40) n`,
    );
  });
  afterAll(async () => {
    await database.close();
    await admin.end();
    await test.drop();
  });

  async function ask(
    source: string,
    variableValues: Record<string, unknown>,
    viewer: Viewer | null = { userId: '1', sessionId: '9' },
  ) {
    const counted = counting(database);
    const follows = createFollowStore(counted.database, () => undefined);
    const contextValue: Context = {
      caller: { viewer, address: '127.0.0.1', userAgent: null, readsOwnWrites: true },
      follows,
      loaders: createLoaders(follows, viewer?.userId ?? null),
      now: () => new Date(),
    };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    return {
      data,
      codes: errors?.map((error) => error.extensions['code']),
      statements: counted.statements(),
    };
  }

  const FOLLOW = `mutation ($userId: ID!) {
    followUser(input: { userId: $userId }) {
      user { followerCount viewerIsFollowing } follower { followingCount }
      errors { __typename ... on UserError { code message field } }
    }
  }`;
  const UNFOLLOW = `mutation ($userId: ID!) {
    unfollowUser(input: { userId: $userId }) { user { followerCount viewerIsFollowing } errors { __typename } }
  }`;

  it('answers a follow with what it changed, and the same again', async () => {
    const changed = {
      followUser: {
        user: { followerCount: 1, viewerIsFollowing: true },
        follower: { followingCount: 1 },
        errors: [],
      },
    };
    expect((await ask(FOLLOW, { userId: 'user_2' })).data).toEqual(changed);
    expect((await ask(FOLLOW, { userId: 'user_2' })).data).toEqual(changed);
    expect((await ask(UNFOLLOW, { userId: 'user_2' })).data).toEqual({
      unfollowUser: { user: { followerCount: 0, viewerIsFollowing: false }, errors: [] },
    });
  });

  it('refuses to follow oneself and nobody, in words', async () => {
    const self = await ask(FOLLOW, { userId: 'user_1' });
    expect(self.data).toMatchObject({
      followUser: { user: null, errors: [{ __typename: 'ValidationError', field: ['userId'] }] },
    });
    const nobody = await ask(FOLLOW, { userId: 'user_999' });
    expect(nobody.data).toMatchObject({
      followUser: { user: null, errors: [{ __typename: 'NotFoundError', code: 'NOT_FOUND' }] },
    });
  });

  it('tells a wrong kind of id, no id at all, and a signed-out caller apart', async () => {
    expect((await ask(FOLLOW, { userId: 'tweet_2' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(FOLLOW, { userId: "user_2'; DROP TABLE" })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(FOLLOW, { userId: 'user_99999999999999999999' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(FOLLOW, { userId: 'user_2' }, null)).codes).toEqual(['UNAUTHENTICATED']);
  });

  const PEOPLE = `query ($people: [_Any!]!) {
    _entities(representations: $people) { ... on User { id followerCount followingCount viewerIsFollowing isFollowingViewer } }
  }`;
  const people = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ __typename: 'User', id: `user_${n + 1}` }));

  it('costs as many statements for twenty people as for two', async () => {
    const two = await ask(PEOPLE, { people: people(2) });
    const twenty = await ask(PEOPLE, { people: people(20) });
    expect(twenty.statements).toBe(two.statements);
    expect(twenty.data?.['_entities']).toHaveLength(20);
  });

  it('says false, not an error, to somebody signed out', async () => {
    const { data, codes } = await ask(PEOPLE, { people: people(1) }, null);
    expect(codes).toBeUndefined();
    expect(data).toMatchObject({ _entities: [{ viewerIsFollowing: false, isFollowingViewer: false }] });
  });

  const LIST = `query ($people: [_Any!]!, $first: Int, $after: String) {
    _entities(representations: $people) {
      ... on User { followers(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }
    }
  }`;

  it('pages followers, and takes no cursor of another list', async () => {
    for (const userId of ['3', '4', '5']) await ask(FOLLOW, { userId: 'user_2' }, { userId, sessionId: '9' });
    const target = { people: [{ __typename: 'User', id: 'user_2' }] };
    const first = await ask(LIST, { ...target, first: 2 });
    expect(first.data).toMatchObject({
      _entities: [
        {
          followers: {
            edges: [{ node: { id: 'user_5' } }, { node: { id: 'user_4' } }],
            pageInfo: { hasNextPage: true },
          },
        },
      ],
    });
    type Lists = { followers: { pageInfo: { endCursor: string } } }[];
    const entities = first.data?.['_entities'] as Lists | undefined;
    const rest = await ask(LIST, { ...target, first: 2, after: entities?.[0]?.followers.pageInfo.endCursor });
    expect(rest.data).toMatchObject({
      _entities: [{ followers: { edges: [{ node: { id: 'user_3' } }], pageInfo: { hasNextPage: false } } }],
    });
    const foreign = Buffer.from('following 1 2').toString('base64url');
    expect((await ask(LIST, { ...target, after: foreign })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(LIST, { ...target, after: 'ZZZ' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ask(LIST, { ...target, first: 101 })).codes).toEqual(['BAD_USER_INPUT']);
  });
});
