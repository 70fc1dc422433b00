import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase } from '../../tests/databases.ts';
import { until } from '../../tests/until.ts';
import { globalId } from '../global-id.ts';
import type { Viewer } from '../viewer.ts';
import { aUserSubgraph, PASSWORD, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';

describe('the user subgraph', () => {
  let user: UserSubgraphUnderTest;
  beforeAll(async () => {
    user = await aUserSubgraph();
  });
  afterAll(() => user.stop());

  describe('profiles', () => {
    const UPDATE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
      user { displayName bio location website bioEntities { __typename start end
        ... on MentionEntity { user { username } } ... on HashtagEntity { hashtag { id name } } ... on LinkEntity { url displayText } } }
      errors { __typename ... on ValidationError { field constraint limit } } } }`;

    it('are changed by their owner, mentions and all', async () => {
      await user.aViewer('Mary');
      const viewer = await user.aViewer('Nina');
      const { data } = await user.ask(
        UPDATE,
        {
          input: {
            bio: 'With @mary, not @nobody. #Tern example.org/x',
            website: 'https://example.org',
            location: ' ',
          },
        },
        viewer,
      );
      expect(data?.['updateProfile']).toEqual({
        user: {
          displayName: 'Nina',
          bio: 'With @mary, not @nobody. #Tern example.org/x',
          location: null,
          website: 'https://example.org/',
          bioEntities: [
            { __typename: 'MentionEntity', start: 5, end: 10, user: { username: 'Mary' } },
            {
              __typename: 'HashtagEntity',
              start: 25,
              end: 30,
              hashtag: { id: 'hashtag_tern', name: 'tern' },
            },
            {
              __typename: 'LinkEntity',
              start: 31,
              end: 44,
              url: 'https://example.org/x',
              displayText: 'example.org/x',
            },
          ],
        },
        errors: [],
      });
    });

    it('mention nobody who has left, though a replica does not know it yet', async () => {
      await using opened = new AsyncDisposableStack();
      const past = opened.adopt(await testDatabase(), (own) => own.drop());
      const replica = { USER_DATABASE_REPLICA_URL: past.env.USER_DATABASE_REPLICA_URL };
      const late = opened.adopt(await aUserSubgraph(replica), (own) => own.stop());
      const gone = await late.aViewer('Gone');
      const { errors } = await late.change(
        'updateProfile',
        { bio: 'With @gone' },
        '',
        await late.aViewer('Olga'),
      );
      expect(errors).toEqual([]);
      const admin = opened.adopt(new pg.Client({ connectionString: past.adminUrl }), (own) => own.end());
      await admin.connect();
      await admin.query(`INSERT INTO users.users (id, username, display_name) VALUES ($1, 'Gone', 'Gone')`, [
        gone.userId,
      ]);
      await past.replicated();
      await late.change('deactivateAccount', { password: PASSWORD }, 'deactivatedUserId', gone);

      await until('the replica answers', async () => {
        const of = [{ __typename: 'User', id: globalId('user', gone.userId) }];
        const { data } = await late.ask(
          'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username } } }',
          { of },
        );
        return JSON.stringify(data).includes('Gone');
      });
      const mentioned = '{ user(username: "olga") { bioEntities { ... on MentionEntity { user { id } } } } }';
      expect((await late.ask(mentioned)).data).toEqual({ user: { bioEntities: [{ user: null }] } });
    });

    it('stay as they are when anything is refused', async () => {
      const viewer = await user.aViewer('Olga');
      const { data } = await user.ask(UPDATE, { input: { displayName: 'New', bio: '\0' } }, viewer);
      expect(data?.['updateProfile']).toEqual({
        user: null,
        errors: [{ __typename: 'ValidationError', field: ['bio'], constraint: 'MALFORMED', limit: null }],
      });
      const after = await user.ask('{ user(username: "olga") { displayName } }');
      expect(after).toMatchObject({ data: { user: { displayName: 'Olga' } }, codes: [] });
      expect((await user.ask(UPDATE, { input: {} })).codes).toEqual(['UNAUTHENTICATED']);
    });

    it('are found by id and by name however it is written', async () => {
      const { userId } = await user.aViewer('Rosa');
      const id = globalId('user', userId);
      const { data } = await user.ask(
        `query ($id: ID!) { a: user(id: $id) { id url avatarUrl isViewer isProtected joinedAt } b: user(username: "@ROSA") { id } c: user(username: "rosa ") { id }
          d: user(username: "no body") { id } e: user(username: "nobody_here") { id } f: user(id: "user_1") { id } }`,
        { id },
      );
      expect(data).toEqual({
        a: {
          id,
          url: 'http://localhost:3000/@Rosa',
          avatarUrl: `http://localhost:3000/avatars/${userId}.svg`,
          isViewer: false,
          isProtected: false,
          joinedAt: expect.stringMatching(/Z$/),
        },
        b: { id },
        c: { id },
        d: null,
        e: null,
        f: null,
      });
    });

    it.each([
      '{ user { id } }',
      '{ user(id: "user_1", username: "a") { id } }',
      '{ user(id: "tweet_1") { id } }',
      '{ user(id: "1") { id } }',
      '{ user(id: "user_99999999999999999999") { id } }',
      '{ node(id: "\\u0000") { id } }',
      '{ nodes(ids: ["user_1", "x"]) { id } }',
      '{ viewer { user { avatarUrl(size: 5) } } }',
    ])('%s is bad input', async (query) => {
      const viewer = await viewerOnce();
      expect((await user.ask(query, {}, viewer)).codes).toEqual(['BAD_USER_INPUT']);
    });

    it('are at most a hundred at once', async () => {
      const ids = Array.from({ length: 101 }, () => 'user_1');
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      expect((await user.ask(query, { ids })).codes).toEqual(['BAD_USER_INPUT']);
      expect((await user.ask(query, { ids: ids.slice(1) })).codes).toEqual([]);
    });

    let once: Promise<Viewer> | undefined;
    const viewerOnce = () => (once ??= user.aViewer('Sally'));
  });

  describe('node', () => {
    it('leads to every kind, and to a session for its owner only', async () => {
      const tove = await user.aViewer('Tove');
      const other = await user.aViewer('Ursula');
      const ids = [
        globalId('session', tove.sessionId),
        globalId('session', other.sessionId),
        globalId('user', other.userId),
        'tweet_5',
        'hashtag_tern_watch',
        'user_1',
        globalId('user', other.userId),
      ];
      const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on User { username } ... on Hashtag { name } } }`;
      const { data } = await user.ask(query, { ids }, tove);
      const ursula = { __typename: 'User', id: globalId('user', other.userId), username: 'Ursula' };
      expect(data?.['nodes']).toEqual([
        { __typename: 'Session', id: ids[0] },
        null,
        ursula,
        { __typename: 'Tweet', id: 'tweet_5' },
        { __typename: 'Hashtag', id: 'hashtag_tern_watch', name: 'tern_watch' },
        null,
        ursula,
      ]);
      expect((await user.ask(`{ node(id: "${ids[0]}") { id } }`)).data).toEqual({ node: null });
    });
  });

  describe('federation', () => {
    it('knows people by reference, and the viewer only as themselves', async () => {
      const vera = await user.aViewer('Vera');
      const id = globalId('user', vera.userId);
      const { data } = await user.ask(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username } ... on Viewer { account { email } } } }`,
        {
          of: [
            { __typename: 'User', id },
            { __typename: 'User', id: 'user_1' },
            { __typename: 'Viewer', id },
            { __typename: 'Viewer', id: 'user_1' },
          ],
        },
        vera,
      );
      expect(data?.['_entities']).toEqual([
        { username: 'Vera' },
        null,
        { account: { email: 'Vera@example.org' } },
        null,
      ]);
    });
  });
});
