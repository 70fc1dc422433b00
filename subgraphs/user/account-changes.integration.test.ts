import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../tests/until.ts';
import { globalId } from '../global-id.ts';
import type { Viewer } from '../viewer.ts';
import { aUserSubgraph, PASSWORD, type Json, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';

const NEW_PASSWORD = 'tern-8-sails';
const DAYS_30 = 30 * 86_400_000;

describe('an account', () => {
  let user: UserSubgraphUnderTest;
  beforeAll(async () => {
    user = await aUserSubgraph();
  });
  afterAll(() => user.stop());

  const errorsOf = (payload: Json) => payload['errors'] as Json[];
  const rows = async (sql: string, ...values: unknown[]) => (await user.admin.query<Json>(sql, values)).rows;
  const exists = async (username: string) =>
    (await user.ask('query ($username: String!) { user(username: $username) { id } }', { username })).data?.[
      'user'
    ] !== null;
  const inDaysFromNow = (value: unknown) => Math.round((Date.parse(String(value)) - Date.now()) / 86_400_000);
  /** Another session of somebody, as the viewer that it makes. */
  const elsewhere = async (login: string, { userId }: Viewer): Promise<Viewer> => {
    const { session } = (await user.signIn(login)) as { session: { id: string } };
    return { userId, sessionId: session.id.replace('session_', '') };
  };

  describe('its sessions', () => {
    it('are revoked one by one, by their owner only', async () => {
      const ada = await user.aViewer('Ada');
      const eve = await user.aViewer('Eve');
      const other = await elsewhere('ada', ada);
      const sessionId = globalId('session', other.sessionId);
      const revoke = (viewer: Viewer, id = sessionId) =>
        user.change('revokeSession', { sessionId: id }, 'revokedSessionId', viewer);

      const notFound = {
        revokedSessionId: null,
        errors: [{ __typename: 'NotFoundError', field: ['sessionId'] }],
      };
      expect(await revoke(eve)).toMatchObject(notFound);
      expect(await user.sessions.stands(other.sessionId)).toBe(true);
      expect(await revoke(ada)).toEqual({ revokedSessionId: sessionId, errors: [] });
      expect(await user.sessions.stands(other.sessionId)).toBe(false);
      expect(await revoke(ada)).toMatchObject(notFound);
      await expect(revoke(ada, globalId('user', ada.userId))).rejects.toThrow('BAD_USER_INPUT');
      await expect(user.change('revokeSession', { sessionId }, 'revokedSessionId')).rejects.toThrow(
        'UNAUTHENTICATED',
      );
    });

    it('are signed out of by revoking the present one', async () => {
      const viewer = await user.aViewer('Bea');
      const query = `mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { revokedSessionId } signOut { endedSessionId } }`;
      const { data, cookies } = await user.ask(query, { id: globalId('session', viewer.sessionId) }, viewer);
      expect(data?.['signOut']).toEqual({ endedSessionId: null });
      expect(cookies).toContainEqual(expect.stringMatching(/^roost_session=; .*Max-Age=0/));
    });

    it('are revoked all but this one', async () => {
      const viewer = await user.aViewer('Cleo');
      const others = [await elsewhere('cleo', viewer), await elsewhere('cleo', viewer)];
      const { revokedSessionIds } = await user.change(
        'revokeOtherSessions',
        null,
        'revokedSessionIds',
        viewer,
      );
      expect((revokedSessionIds as string[]).toSorted()).toEqual(
        others.map(({ sessionId }) => globalId('session', sessionId)).toSorted(),
      );
      expect(await user.sessions.stands(viewer.sessionId)).toBe(true);
    });
  });

  describe('its password', () => {
    const FIELDS = 'revokedSessionIds viewer { sessions { isCurrent } }';

    it('is changed by who knows it, and ends all other sessions', async () => {
      const viewer = await user.aViewer('Dora');
      const other = await elsewhere('dora', viewer);
      const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      expect(await user.change('changePassword', input, FIELDS, viewer)).toEqual({
        revokedSessionIds: [globalId('session', other.sessionId)],
        viewer: { sessions: [{ isCurrent: true }] },
        errors: [],
      });
      expect(errorsOf(await user.signIn('dora'))).toMatchObject([{ __typename: 'WrongCredentialsError' }]);
      expect(errorsOf(await user.signIn('dora', NEW_PASSWORD))).toEqual([]);
    });

    it('stays when the old one is wrong, or the new one is bad', async () => {
      const viewer = await user.aViewer('Elsa');
      const change = async (currentPassword: string, newPassword: string) =>
        errorsOf(await user.change('changePassword', { currentPassword, newPassword }, FIELDS, viewer));
      expect(await change('wrong password', NEW_PASSWORD)).toMatchObject([
        { __typename: 'WrongCredentialsError', field: ['currentPassword'] },
      ]);
      expect(await change(PASSWORD, 'short')).toMatchObject([
        { field: ['newPassword'], constraint: 'TOO_SHORT' },
      ]);
      expect(await change(PASSWORD, 'Elsa@Example.org')).toMatchObject([{ constraint: 'TOO_COMMON' }]);
      expect(errorsOf(await user.signIn('elsa'))).toEqual([]);
    });

    it('is changed once by two who do it at once', async () => {
      const viewer = await user.aViewer('Fay');
      const changes = await Promise.all(
        ['first-of-two', 'second-of-two'].map((newPassword) =>
          user.change('changePassword', { currentPassword: PASSWORD, newPassword }, FIELDS, viewer),
        ),
      );
      expect(changes.flatMap(errorsOf)).toMatchObject([{ __typename: 'WrongCredentialsError' }]);
    });
  });

  describe('its address', () => {
    it('is changed at once, is unverified, and no longer signs in as before', async () => {
      const viewer = await user.aViewer('Gail');
      await rows(`INSERT INTO users.email_claims VALUES ('gail@example.org', $1)`, viewer.userId);
      await rows(`UPDATE users.credentials SET email_verified_at = now() WHERE user_id = $1`, viewer.userId);
      const FIELDS = 'viewer { account { email emailVerifiedAt } }';
      const change = (email: string, password = PASSWORD) =>
        user.change('changeEmail', { email, password }, FIELDS, viewer);

      expect(await change('GAIL@example.org')).toMatchObject({
        viewer: { account: { email: 'GAIL@example.org', emailVerifiedAt: expect.any(String) } },
      });
      expect(errorsOf(await change('new@example.org', 'wrong'))).toMatchObject([{ field: ['password'] }]);
      expect(errorsOf(await change('nowhere'))).toMatchObject([
        { field: ['email'], constraint: 'MALFORMED' },
      ]);
      expect(errorsOf(await user.signIn('gail@example.org'))).toEqual([]);
      expect(await change('new@example.org')).toEqual({
        viewer: { account: { email: 'new@example.org', emailVerifiedAt: null } },
        errors: [],
      });
      expect(errorsOf(await user.signIn('gail@example.org'))).toHaveLength(1);
      expect(
        await rows(
          `SELECT kind, recipient FROM users.mails WHERE user_id = $1 ORDER BY id DESC LIMIT 2`,
          viewer.userId,
        ),
      ).toEqual([
        { kind: 'verify-email', recipient: null },
        { kind: 'email-changed', recipient: 'GAIL@example.org' },
      ]);
    });
  });

  describe('its protection', () => {
    it('is changed, and told only when it is', async () => {
      const viewer = await user.aViewer('Hana');
      await user.told();
      const protect = (isProtected: boolean) =>
        user.change('setAccountProtection', { isProtected }, 'user { isProtected }', viewer);
      expect(await protect(true)).toEqual({ user: { isProtected: true }, errors: [] });
      expect(await protect(true)).toEqual({ user: { isProtected: true }, errors: [] });
      expect(await protect(false)).toEqual({ user: { isProtected: false }, errors: [] });
      expect(await user.told()).toEqual(['AccountProtectionChanged', 'AccountProtectionChanged']);
    });
  });

  describe('deactivating it', () => {
    const deactivate = (viewer: Viewer, password = PASSWORD) =>
      user.change('deactivateAccount', { password }, 'deactivatedUserId recoverableUntil', viewer);

    it('hides it everywhere at once and ends its sessions; signing in brings it back', async () => {
      const viewer = await user.aViewer('Iris');
      const id = globalId('user', viewer.userId);
      const other = await elsewhere('iris', viewer);
      await user.told();

      expect(errorsOf(await deactivate(viewer, 'wrong'))).toMatchObject([
        { __typename: 'WrongCredentialsError' },
      ]);
      const { recoverableUntil, ...hidden } = await deactivate(viewer);
      expect(hidden).toEqual({ deactivatedUserId: id, errors: [] });
      expect(inDaysFromNow(recoverableUntil)).toBe(30);
      const everywhere = `query ($id: ID!) { user(id: $id) { id } named: user(username: "iris") { id }
        node(id: $id) { ... on User { username } } nodes(ids: [$id]) { ... on User { username } } }`;
      const seen = () => user.ask(everywhere, { id });
      expect((await seen()).data).toEqual({ user: null, named: null, node: null, nodes: [null] });
      const reference =
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username } } }';
      await until('references lead nowhere, once the replica knows', async () => {
        const { data } = await user.ask(reference, { of: [{ __typename: 'User', id }] });
        return JSON.stringify(data) === '{"_entities":[null]}';
      });
      expect(await rows('SELECT FROM user_published.accounts WHERE id = $1', viewer.userId)).toEqual([]);
      for (const { sessionId } of [viewer, other]) expect(await user.sessions.stands(sessionId)).toBe(false);
      const { data } = await user.ask(
        '{ usernameAvailability(username: "Iris") { isAvailable constraint } }',
      );
      expect(data?.['usernameAvailability']).toEqual({ isAvailable: false, constraint: 'TAKEN' });
      expect(await user.told()).toEqual(['AccountHidden']);

      expect(errorsOf(await user.signIn('iris', 'wrong'))).toHaveLength(1);
      expect((await seen()).data?.['user']).toBeNull();
      expect(await user.signIn('iris')).toMatchObject({ viewer: { id }, wasReactivated: true, errors: [] });
      expect((await seen()).data).toMatchObject({ user: { id }, named: { id } });
      expect(await user.told()).toEqual(['AccountReturned']);
      expect(await user.signIn('iris')).toMatchObject({ wasReactivated: false, errors: [] });
      expect(await user.told()).toEqual([]);
    });

    it('is for good after 30 days', async () => {
      const viewer = await user.aViewer('Jo');
      await deactivate(viewer);
      await rows(
        `UPDATE users.users SET deactivated_at = now() - interval '30 days' WHERE id = $1`,
        viewer.userId,
      );
      expect(errorsOf(await user.signIn('jo'))).toMatchObject([{ __typename: 'WrongCredentialsError' }]);
      expect(await exists('jo')).toBe(false);
    });
  });

  describe('deleting it', () => {
    it('asks for its name, takes everything, and holds the name', async () => {
      const viewer = await user.aViewer('Kim');
      const remove = (confirmUsername: string, password = PASSWORD) =>
        user.change(
          'deleteAccount',
          { password, confirmUsername },
          'deletedUserId usernameHeldUntil',
          viewer,
        );
      await rows(`INSERT INTO users.email_claims VALUES ('kim@example.org', $1)`, viewer.userId);
      await user.told();

      expect(errorsOf(await remove('Kin'))).toMatchObject([
        { field: ['confirmUsername'], constraint: 'MALFORMED' },
      ]);
      expect(errorsOf(await remove('Kim', 'wrong'))).toMatchObject([{ field: ['password'] }]);
      const { usernameHeldUntil, ...deleted } = await remove('@kim');
      expect(deleted).toEqual({ deletedUserId: globalId('user', viewer.userId), errors: [] });
      expect(Date.parse(String(usernameHeldUntil)) - Date.now()).toBeGreaterThan(DAYS_30 - 60_000);

      expect(await user.told()).toEqual(['AccountHidden', 'AccountDeleted']);
      expect(await exists('kim')).toBe(false);
      for (const login of ['kim', 'kim@example.org'])
        expect(errorsOf(await user.signIn(login))).toMatchObject([{ __typename: 'WrongCredentialsError' }]);
      expect(errorsOf((await user.signUp({ username: 'KIM' })).data?.['signUp'] ?? {})).toMatchObject([
        { __typename: 'UsernameTakenError', suggestions: expect.any(Array) },
      ]);
      const left = await rows(
        `SELECT (SELECT count(*)::int FROM users.credentials WHERE user_id = $1) + (SELECT count(*)::int FROM users.sessions WHERE user_id = $1)
          + (SELECT count(*)::int FROM users.email_claims WHERE user_id = $1) + (SELECT count(*)::int FROM users.mail_tokens WHERE user_id = $1) AS count`,
        viewer.userId,
      );
      expect(left).toEqual([{ count: 0 }]);
    });
  });
});
