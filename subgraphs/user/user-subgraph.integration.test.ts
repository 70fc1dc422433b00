import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { AccountOpened } from '../../platform/events/account-opened.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { createExecutor, type Executor } from '../executor.ts';
import { globalId } from '../global-id.ts';
import type { Viewer } from '../viewer.ts';
import { startUserSubgraph } from './user-subgraph.ts';

const PASSWORD = 'tern-7-sails';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';

type Json = Record<string, unknown>;
interface Answer {
  data: Record<string, Json> | null;
  codes: unknown[];
  cookies: string[];
}

describe('the user subgraph', () => {
  let test: TestDatabase;
  let admin: pg.Client;
  let user: Awaited<ReturnType<typeof startUserSubgraph>>;
  let executor: Executor;

  beforeAll(async () => {
    test = await testDatabase();
    admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    // Nothing takes the events, so that a test can look at them; that the relay waits for Kafka is its own test.
    const env = {
      ...test.env,
      PUBLIC_URL: 'http://localhost:3000',
      KAFKA_BROKERS: '127.0.0.1:1',
      LOG_LEVEL: 'silent',
    };
    user = await startUserSubgraph(env);
    executor = createExecutor(user);
  });
  afterAll(async () => {
    await user.stop();
    await admin.end();
    await test.drop();
  });

  async function ask(query: string, variables: Json = {}, viewer: Viewer | null = null): Promise<Answer> {
    const cookies: string[] = [];
    const caller = { viewer, address: '192.0.2.1', userAgent: FIREFOX, readsOwnWrites: false };
    const { data, errors } = await executor.execute(
      { query, variables },
      { caller, setCookie: (cookie) => cookies.push(cookie) },
    );
    return {
      data: (data ?? null) as Answer['data'],
      codes: (errors ?? []).map((error) => error.extensions?.['code']),
      cookies,
    };
  }

  const signUp = (input: Json) =>
    ask(
      `mutation ($input: SignUpInput!) { signUp(input: $input) {
        viewer { id user { username displayName isViewer } account { email } sessions { id isCurrent } }
        session { id deviceName ipAddress isCurrent }
        tokens { accessToken refreshToken }
        errors { __typename ... on UserError { code field message }
          ... on ValidationError { constraint limit } ... on UsernameTakenError { suggestions } }
      } }`,
      { input: { email: `${String(input['username'])}@example.org`, password: PASSWORD, ...input } },
    );
  const signIn = (login: string, password = PASSWORD) =>
    ask(
      `mutation ($input: SignInInput!) { signIn(input: $input) {
        viewer { id } session { id } errors { __typename ... on UserError { code field message } }
      } }`,
      { input: { login, password } },
    );

  /** Opens an account and returns its owner. */
  async function aViewer(username: string): Promise<Viewer> {
    const { data } = await signUp({ username });
    const rows = await admin.query<Viewer>(
      `SELECT s.user_id AS "userId", s.id AS "sessionId" FROM users.sessions s
       JOIN users.users u ON u.id = s.user_id WHERE u.username = $1`,
      [username],
    );
    const viewer = rows.rows[0];
    if (viewer === undefined) throw new Error(JSON.stringify(data));
    return viewer;
  }

  const countRows = async () => {
    const { rows } = await admin.query<Json>(
      `SELECT (SELECT count(*) FROM users.users) AS users, (SELECT count(*) FROM users.username_claims) AS names,
        (SELECT count(*) FROM users.email_claims) AS emails, (SELECT count(*) FROM users.credentials) AS credentials,
        (SELECT count(*) FROM users.sessions) AS sessions, (SELECT count(*) FROM users.outbox) AS events`,
    );
    return rows[0];
  };

  describe('signing up', () => {
    it('opens an account, signs it in, sets the cookie and tells the others', async () => {
      const { data, codes, cookies } = await signUp({
        username: 'Ada_L',
        displayName: 'Ada',
        wantsToken: true,
      });
      expect(codes).toEqual([]);
      expect(data?.['signUp']).toMatchObject({
        viewer: {
          user: { username: 'Ada_L', displayName: 'Ada', isViewer: true },
          account: { email: 'Ada_L@example.org' },
          sessions: [{ isCurrent: true }],
        },
        session: { deviceName: 'Firefox on Linux', ipAddress: '192.0.2.1', isCurrent: true },
        tokens: { accessToken: expect.any(String), refreshToken: expect.any(String) },
        errors: [],
      });
      expect(cookies).toEqual([
        expect.stringMatching(/^roost_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/),
      ]);
      const secret = /=([\w-]+)/.exec(cookies[0] ?? '')?.[1] ?? '';
      expect(await user.sessions.find({ kind: 'cookie', secret }, { address: '192.0.2.1' })).not.toBeNull();

      const { rows } = await admin.query<{ payload: Buffer; key: string }>(
        'SELECT payload, key FROM users.outbox ORDER BY id DESC LIMIT 1',
      );
      expect(AccountOpened.decode(rows[0]?.payload ?? Buffer.of())).toEqual({
        userId: rows[0]?.key,
        username: 'Ada_L',
      });
    });

    it('gives a name to one of those who race for it, and leaves nothing of the others', async () => {
      const before = await countRows();
      const all = await Promise.all(
        ['race', 'RACE', 'Race', 'rAce'].map((username, n) =>
          signUp({ username, email: `racer${n}@example.org` }),
        ),
      );
      const refused = all.flatMap(({ data }) => data?.['signUp']?.['errors'] as Json[]);
      expect(refused).toHaveLength(3);
      for (const error of refused) {
        expect(error).toMatchObject({
          __typename: 'UsernameTakenError',
          code: 'CONFLICT',
          field: ['username'],
        });
        expect(error['suggestions']).toHaveLength(3);
      }
      const after = await countRows();
      for (const [table, count] of Object.entries(before ?? {})) {
        expect(Number(after?.[table])).toBe(Number(count) + 1);
      }
    });

    it('gives an address to one of those who race for it', async () => {
      const all = await Promise.all(
        ['mail1', 'mail2'].map((username) => signUp({ username, email: 'Same@Example.org' })),
      );
      expect(all.flatMap(({ data }) => data?.['signUp']?.['errors'])).toMatchObject([
        { __typename: 'ValidationError', constraint: 'TAKEN', field: ['email'] },
      ]);
    });

    it('names all that is wrong at once, and writes nothing', async () => {
      const before = await countRows();
      const { data, codes, cookies } = await signUp({
        username: 'way too long a name',
        displayName: ' ',
        email: 'nowhere\0',
        password: 'short',
        deviceName: '\ud800',
      });
      expect(codes).toEqual([]);
      expect(cookies).toEqual([]);
      expect(data?.['signUp']).toMatchObject({
        viewer: null,
        session: null,
        tokens: null,
        errors: [
          { field: ['username'], constraint: 'TOO_LONG', limit: 15 },
          { field: ['displayName'], constraint: 'REQUIRED', limit: null },
          { field: ['email'], constraint: 'MALFORMED' },
          { field: ['password'], constraint: 'TOO_SHORT', limit: 8 },
          { field: ['deviceName'], constraint: 'MALFORMED' },
        ],
      });
      expect(await countRows()).toEqual(before);
    });
  });

  describe('signing in', () => {
    it('takes the name in any case, with or without @, or the address', async () => {
      const { userId } = await aViewer('Grace');
      for (const login of ['grace', '@GRACE', ' Grace ', 'GRACE@example.org']) {
        const { data, cookies } = await signIn(login);
        expect(data?.['signIn']).toMatchObject({ viewer: { id: globalId('user', userId) }, errors: [] });
        expect(cookies).toHaveLength(1);
      }
    });

    it('answers the same for a wrong password, an unknown account and nonsense', async () => {
      await aViewer('Hedy');
      const answers = await Promise.all([
        signIn('hedy', 'wrong password'),
        signIn('hedy', ''),
        signIn('hedy', 'x'.repeat(5000)),
        signIn('hedy', '\ud800'),
        signIn('nobody_here'),
        signIn('nobody@example.org'),
        signIn('\0'),
        signIn('\0@\ud800'),
        signIn(''),
        signIn('x'.repeat(100_000)),
      ]);
      for (const { data, codes, cookies } of answers) {
        expect({ codes, cookies }).toEqual({ codes: [], cookies: [] });
        expect(data?.['signIn']).toEqual({
          viewer: null,
          session: null,
          errors: [
            {
              __typename: 'WrongCredentialsError',
              code: 'UNAUTHENTICATED',
              field: null,
              message: "Name and password don't match.",
            },
          ],
        });
      }
    });

    it('ends with signing out, which takes the cookie away and can be repeated', async () => {
      const viewer = await aViewer('Joan');
      const signOut = 'mutation { signOut { endedSessionId } }';
      const { data, cookies } = await ask(signOut, {}, viewer);
      expect(data).toEqual({ signOut: { endedSessionId: globalId('session', viewer.sessionId) } });
      expect(cookies).toEqual(['roost_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
      expect(await user.sessions.stands(viewer.sessionId)).toBe(false);
      expect((await ask(signOut)).data).toEqual({ signOut: { endedSessionId: null } });
    });
  });

  describe('refreshing', () => {
    const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
      session { id } tokens { refreshToken } errors { __typename ... on UserError { code } } } }`;
    const ENDED = {
      session: null,
      tokens: null,
      errors: [{ __typename: 'SessionEndedError', code: 'UNAUTHENTICATED' }],
    };

    it('slides the session of a browser, and gives it no token', async () => {
      const viewer = await aViewer('Karen');
      const { data } = await ask(REFRESH, { input: {} }, viewer);
      expect(data?.['refreshSession']).toEqual({
        session: { id: globalId('session', viewer.sessionId) },
        tokens: null,
        errors: [],
      });
    });

    it('trades a token, and says when it cannot', async () => {
      const { data } = await signUp({ username: 'Lise', wantsToken: true });
      const refreshToken = (data?.['signUp']?.['tokens'] as Json | undefined)?.['refreshToken'];
      const traded = await ask(REFRESH, { input: { refreshToken, wantsToken: true } });
      expect(traded.data?.['refreshSession']).toMatchObject({
        errors: [],
        tokens: { refreshToken: expect.any(String) },
      });
      expect((await ask(REFRESH, { input: {} })).data?.['refreshSession']).toEqual(ENDED);
      const unknown = await ask(REFRESH, { input: { refreshToken: '\0', wantsToken: true } });
      expect(unknown.data?.['refreshSession']).toEqual(ENDED);
      expect((await ask(REFRESH, { input: { refreshToken } })).codes).toEqual(['BAD_USER_INPUT']);
    });
  });

  describe('profiles', () => {
    const UPDATE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
      user { displayName bio location website bioEntities { __typename start end
        ... on MentionEntity { user { username } } ... on HashtagEntity { hashtag { id name } } ... on LinkEntity { url displayText } } }
      errors { __typename ... on ValidationError { field constraint limit } } } }`;

    it('are changed by their owner, mentions and all', async () => {
      await aViewer('Mary');
      const viewer = await aViewer('Nina');
      const { data } = await ask(
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

    it('stay as they are when anything is refused', async () => {
      const viewer = await aViewer('Olga');
      const { data } = await ask(UPDATE, { input: { displayName: 'New', bio: '\0' } }, viewer);
      expect(data?.['updateProfile']).toEqual({
        user: null,
        errors: [{ __typename: 'ValidationError', field: ['bio'], constraint: 'MALFORMED', limit: null }],
      });
      const after = await ask('{ user(username: "olga") { displayName } }');
      expect(after).toMatchObject({ data: { user: { displayName: 'Olga' } }, codes: [] });
      expect((await ask(UPDATE, { input: {} })).codes).toEqual(['UNAUTHENTICATED']);
      expect((await ask(UPDATE, { input: { website: 'javascript:alert(1)' } }, viewer)).codes).toEqual([
        'BAD_USER_INPUT',
      ]);
    });

    it('are found by id and by name however it is written', async () => {
      const { userId } = await aViewer('Rosa');
      const id = globalId('user', userId);
      const { data } = await ask(
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
      expect((await ask(query, {}, viewer)).codes).toEqual(['BAD_USER_INPUT']);
    });

    it('are at most a hundred at once', async () => {
      const ids = Array.from({ length: 101 }, () => 'user_1');
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      expect((await ask(query, { ids })).codes).toEqual(['BAD_USER_INPUT']);
      expect((await ask(query, { ids: ids.slice(1) })).codes).toEqual([]);
    });

    let once: Promise<Viewer> | undefined;
    const viewerOnce = () => (once ??= aViewer('Sally'));
  });

  describe('node', () => {
    it('leads to every kind, and to a session for its owner only', async () => {
      const tove = await aViewer('Tove');
      const other = await aViewer('Ursula');
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
      const { data } = await ask(query, { ids }, tove);
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
      expect((await ask(`{ node(id: "${ids[0]}") { id } }`)).data).toEqual({ node: null });
    });
  });

  describe('federation', () => {
    it('knows people by reference, and the viewer only as themselves', async () => {
      const vera = await aViewer('Vera');
      const id = globalId('user', vera.userId);
      const { data } = await ask(
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
