import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountOpened } from '../../platform/events/account-opened.ts';
import { globalId } from '../global-id.ts';
import { aUserSubgraph, PASSWORD, type Json, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';

describe('the ways in and out', () => {
  let user: UserSubgraphUnderTest;
  beforeAll(async () => {
    user = await aUserSubgraph();
  });
  afterAll(() => user.stop());

  const signIn = (login: string, password = PASSWORD) =>
    user.ask(
      `mutation ($input: SignInInput!) { signIn(input: $input) {
        viewer { id } session { id } errors { __typename ... on UserError { code field message } }
      } }`,
      { input: { login, password } },
    );

  const countRows = async () => {
    const { rows } = await user.admin.query<Json>(
      `SELECT (SELECT count(*) FROM users.users) AS users, (SELECT count(*) FROM users.username_claims) AS names,
        (SELECT count(*) FROM users.email_claims) AS addresses, (SELECT count(*) FROM users.mails) AS mails, (SELECT count(*) FROM users.credentials) AS credentials,
        (SELECT count(*) FROM users.sessions) AS sessions, (SELECT count(*) FROM users.outbox) AS events`,
    );
    return rows[0];
  };

  describe('signing up', () => {
    it('opens an account, signs it in, sets the cookie and tells the others', async () => {
      const { data, codes, cookies } = await user.signUp({
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

      const { rows } = await user.admin.query<{ payload: Buffer; key: string }>(
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
          user.signUp({ username, email: `racer${n}@example.org` }),
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
        expect(Number(after?.[table])).toBe(Number(count) + (table === 'addresses' ? 0 : 1));
      }
    });

    it('answers the same for an address that somebody has, and writes the same', async () => {
      const answers: unknown[] = [];
      for (const username of ['mail2', 'mail3']) {
        const before = await countRows();
        const { data } = await user.signUp({ username, email: 'Same@Example.org' });
        const after = await countRows();
        const written = Object.keys(after ?? {}).map(
          (table) => Number(after?.[table]) - Number(before?.[table]),
        );
        answers.push({ ...data?.['signUp'], session: null, tokens: null, written });
        await user.admin.query(
          `INSERT INTO users.email_claims SELECT lower(email), user_id FROM users.credentials
           WHERE email = 'Same@Example.org' ON CONFLICT DO NOTHING`,
        );
      }
      const answer = { viewer: { account: { email: 'Same@Example.org' } }, errors: [] };
      expect(answers).toMatchObject([answer, answer]);
      const [first, second] = answers as { written: number[] }[];
      expect(second?.written).toEqual(first?.written);
    });

    it('names all that is wrong at once, and writes nothing', async () => {
      const before = await countRows();
      const { data, codes, cookies } = await user.signUp({
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
    it('takes the name in any case, with or without @, or the address once it is verified', async () => {
      const { userId } = await user.aViewer('Grace');
      expect((await signIn('grace@example.org')).data?.['signIn']).toMatchObject({ viewer: null });
      await user.admin.query(`INSERT INTO users.email_claims VALUES ('grace@example.org', $1)`, [userId]);
      for (const login of ['grace', '@GRACE', ' Grace ', 'GRACE@example.org']) {
        const { data, cookies } = await signIn(login);
        expect(data?.['signIn']).toMatchObject({ viewer: { id: globalId('user', userId) }, errors: [] });
        expect(cookies).toHaveLength(1);
      }
    });

    it('answers the same for a wrong password, an unknown account and nonsense', async () => {
      await user.aViewer('Hedy');
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
              message: "Name and password don't match. An address signs in once it is verified.",
            },
          ],
        });
      }
    });

    it('ends with signing out, which takes the cookie away and can be repeated', async () => {
      const viewer = await user.aViewer('Joan');
      const signOut = 'mutation { signOut { endedSessionId } }';
      const { data, cookies } = await user.ask(signOut, {}, viewer);
      expect(data).toEqual({ signOut: { endedSessionId: globalId('session', viewer.sessionId) } });
      expect(cookies).toEqual(['roost_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
      expect(await user.sessions.stands(viewer.sessionId)).toBe(false);
      expect((await user.ask(signOut)).data).toEqual({ signOut: { endedSessionId: null } });
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
      const viewer = await user.aViewer('Karen');
      const { data } = await user.ask(REFRESH, { input: {} }, viewer);
      expect(data?.['refreshSession']).toEqual({
        session: { id: globalId('session', viewer.sessionId) },
        tokens: null,
        errors: [],
      });
    });

    it('gives no lasting token to who has none', async () => {
      const viewer = await user.aViewer('Lasse');
      const { codes } = await user.ask(REFRESH, { input: { wantsToken: true } }, viewer);
      expect(codes).toEqual(['BAD_USER_INPUT']);
    });

    it('trades a token, and says when it cannot', async () => {
      const { data } = await user.signUp({ username: 'Lise', wantsToken: true });
      const refreshToken = (data?.['signUp']?.['tokens'] as Json | undefined)?.['refreshToken'];
      const traded = await user.ask(REFRESH, { input: { refreshToken, wantsToken: true } });
      expect(traded.data?.['refreshSession']).toMatchObject({
        errors: [],
        tokens: { refreshToken: expect.any(String) },
      });
      expect((await user.ask(REFRESH, { input: {} })).data?.['refreshSession']).toEqual(ENDED);
      const unknown = await user.ask(REFRESH, { input: { refreshToken: '\0', wantsToken: true } });
      expect(unknown.data?.['refreshSession']).toEqual(ENDED);
      expect((await user.ask(REFRESH, { input: { refreshToken } })).codes).toEqual(['BAD_USER_INPUT']);
    });
  });
});
