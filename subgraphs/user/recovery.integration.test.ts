import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../tests/until.ts';
import type { RelayWorker } from '../worker.ts';
import { mailsIn, mailTo, tokenIn } from './mail-reading.builder.ts';
import { aUserSubgraph, PASSWORD, type Json, type UserSubgraphUnderTest } from './user-subgraph.builder.ts';
import { startUserWorker } from './user-worker.ts';

const NEW_PASSWORD = 'tern-8-sails';

describe('by mail', () => {
  let user: UserSubgraphUnderTest;
  let worker: RelayWorker;
  let folder: string;
  beforeAll(async () => {
    user = await aUserSubgraph();
    worker = await startUserWorker(user.env);
    folder = user.env['MAIL_FOLDER'] ?? '';
  });
  afterAll(async () => {
    await worker.stop();
    await user.stop();
  });

  const errorsOf = (payload: Json) => payload['errors'] as Json[];
  const verify = (token: string) => user.change('verifyEmail', { token }, 'email');
  const reset = (token: string, newPassword = NEW_PASSWORD) =>
    user.change('resetPassword', { token, newPassword }, 'username');
  const askReset = (login: string) => user.change('requestPasswordReset', { login }, 'linkLifetimeMinutes');
  const signsIn = async (login: string, password = PASSWORD) =>
    errorsOf(await user.signIn(login, password)).length === 0;
  const LOST = { errors: [{ __typename: 'NotFoundError', field: ['token'] }] };
  const nothingWaits = () =>
    until('no mail waits', async () => (await user.admin.query('SELECT FROM users.mails')).rowCount === 0);

  describe('an address', () => {
    it('is verified by the link that comes with the account, once', async () => {
      await user.aViewer('Ada');
      expect(await signsIn('ada@example.org')).toBe(false);
      const mail = await mailTo(folder, 'Ada@example.org');
      expect(mail).toMatchObject({ subject: 'Verify your address' });
      expect(mail.text).toMatch(/@Ada\b[^]*^http:\/\/localhost:3000\/verify-email\?token=[\w-]{43}$/m);

      expect(await verify(tokenIn(mail))).toEqual({ email: 'Ada@example.org', errors: [] });
      expect(await signsIn('ada@example.org')).toBe(true);
      expect(await verify(tokenIn(mail))).toMatchObject(LOST);
    });

    it('is not verified by what is no token', async () => {
      for (const token of ['', 'x', 'A'.repeat(43), 'A'.repeat(100_000), '\0', '\ud800']) {
        expect(await verify(token)).toMatchObject({ email: null, ...LOST });
        expect(await reset(token)).toMatchObject({ username: null, ...LOST });
      }
    });

    it('is asked for again by a newer link, which makes the older worthless', async () => {
      const viewer = await user.aViewer('Bea');
      const first = await mailTo(folder, 'Bea@example.org');
      const ask = () => user.change('requestEmailVerification', null, 'email', viewer);
      expect(await ask()).toEqual({ email: 'Bea@example.org', errors: [] });
      const second = await mailTo(folder, 'Bea@example.org', 2);
      expect(await verify(tokenIn(first))).toMatchObject(LOST);
      expect(await verify(tokenIn(second))).toMatchObject({ errors: [] });
      expect(errorsOf(await ask())).toMatchObject([
        { __typename: 'ValidationError', constraint: 'NOT_ALLOWED' },
      ]);
      const { data } = await user.ask('{ viewer { account { emailVerifiedAt } } }', {}, viewer);
      expect(data).toEqual({ viewer: { account: { emailVerifiedAt: expect.any(String) } } });
    });

    it('is not verified by a link that is too old, nor by one for a password', async () => {
      await user.aViewer('Cleo');
      const mail = await mailTo(folder, 'Cleo@example.org');
      await user.admin.query(
        `UPDATE users.mail_tokens SET expires_at = now() WHERE email = 'Cleo@example.org'`,
      );
      expect(await verify(tokenIn(mail))).toMatchObject(LOST);
      await askReset('cleo');
      const other = await mailTo(folder, 'Cleo@example.org', 2);
      expect(await verify(tokenIn(other))).toMatchObject(LOST);
      expect(await reset(tokenIn(mail))).toMatchObject(LOST);
    });

    it('that somebody has verified stays theirs; its owner learns of the try', async () => {
      await user.aViewer('Dora');
      await verify(tokenIn(await mailTo(folder, 'Dora@example.org')));
      await user.signUp({ username: 'Imposter', email: 'dora@example.org' });
      const mail = await mailTo(folder, 'dora@example.org');
      expect(mail).toMatchObject({ subject: 'You have an account already' });
      expect(mail.text).toContain('verified address of @Dora');
      expect(tokenIn(mail)).toBe('');
    });

    it('goes to whoever verifies it first', async () => {
      const links = [];
      for (const username of ['Elsa', 'Elsa_Two']) {
        await user.signUp({ username, email: 'shared@example.org' });
        links.push(tokenIn(await mailTo(folder, 'shared@example.org', links.length + 1)));
      }
      const [first = '', second = ''] = links;
      expect(await verify(second)).toMatchObject({ errors: [] });
      expect(await verify(first)).toMatchObject({
        email: null,
        errors: [{ __typename: 'ValidationError', constraint: 'TAKEN' }],
      });
      expect((await user.signIn('shared@example.org'))['viewer']).toEqual(
        (await user.signIn('elsa_two'))['viewer'],
      );
    });

    it('goes to one of two who verify it at once, and away from who has only claimed it', async () => {
      const claimer = await user.aViewer('Fay');
      await user.admin.query(`INSERT INTO users.email_claims VALUES ('contested@example.org', $1)`, [
        claimer.userId,
      ]);
      const links = [];
      for (const username of ['Gina', 'Gina_Two']) {
        await user.signUp({ username, email: 'contested@example.org' });
        links.push(tokenIn(await mailTo(folder, 'contested@example.org', links.length + 1)));
      }
      const both = await Promise.all(links.map(verify));
      expect(both.flatMap(errorsOf)).toMatchObject([{ constraint: 'TAKEN' }]);
      const { rows } = await user.admin.query<Json>(
        `SELECT username FROM users.email_claims JOIN users.users ON id = user_id WHERE email = 'contested@example.org'`,
      );
      expect(rows).toEqual([{ username: expect.stringMatching(/^Gina/) }]);
    });

    it('that nobody has verified gets no news of the account', async () => {
      const viewer = await user.aViewer('Grete');
      await mailTo(folder, 'Grete@example.org');
      await user.change('deactivateAccount', { password: PASSWORD }, 'deactivatedUserId', viewer);
      await nothingWaits();
      expect(mailsIn(folder).filter(({ to }) => to === 'Grete@example.org')).toHaveLength(1);
    });

    it('is verified by no link that was on its way while it changed', async () => {
      const { userId } = await user.aViewer('Gus');
      const mail = await mailTo(folder, 'Gus@example.org');
      await user.admin.query(`UPDATE users.credentials SET email = 'gus@new.example' WHERE user_id = $1`, [
        userId,
      ]);
      expect(await verify(tokenIn(mail))).toMatchObject(LOST);
    });

    it('that was changed is told so, and its links are worthless', async () => {
      const viewer = await user.aViewer('Hana');
      await verify(tokenIn(await mailTo(folder, 'Hana@example.org')));
      await askReset('hana');
      const old = await mailTo(folder, 'Hana@example.org', 2);
      await user.change(
        'changeEmail',
        { email: 'hana@new.example', password: PASSWORD },
        'viewer { id }',
        viewer,
      );
      expect(await mailTo(folder, 'Hana@example.org', 3)).toMatchObject({
        subject: 'Your address was changed',
      });
      expect(await reset(tokenIn(old))).toMatchObject(LOST);
      expect(await verify(tokenIn(await mailTo(folder, 'hana@new.example')))).toMatchObject({ errors: [] });
    });
  });

  describe('a password', () => {
    it('is set anew: once, ending all sessions, and the address is verified', async () => {
      const viewer = await user.aViewer('Iris');
      expect(await askReset('@IRIS')).toEqual({ linkLifetimeMinutes: 60, errors: [] });
      const mail = await mailTo(folder, 'Iris@example.org', 2);
      expect(mail).toMatchObject({ subject: 'Set a new password' });
      expect(mail.text).toMatch(/^http:\/\/localhost:3000\/reset-password\?token=/m);
      const token = tokenIn(mail);

      expect(errorsOf(await reset(token, 'short'))).toMatchObject([
        { field: ['newPassword'], constraint: 'TOO_SHORT' },
      ]);
      expect(errorsOf(await reset(token, 'iris@example.org'))).toMatchObject([{ constraint: 'TOO_COMMON' }]);
      expect(await user.sessions.stands(viewer.sessionId)).toBe(true);
      expect(await reset(token)).toEqual({ username: 'Iris', errors: [] });
      expect(await user.sessions.stands(viewer.sessionId)).toBe(false);
      expect([await signsIn('iris'), await signsIn('iris@example.org', NEW_PASSWORD)]).toEqual([false, true]);
      expect(await reset(token)).toMatchObject(LOST);
      expect(await mailTo(folder, 'Iris@example.org', 3)).toMatchObject({
        subject: 'Your password was changed',
      });
    });

    it('that was changed makes links worthless that were sent before', async () => {
      const viewer = await user.aViewer('Jane');
      await askReset('jane');
      const token = tokenIn(await mailTo(folder, 'Jane@example.org', 2));
      await user.change(
        'changePassword',
        { currentPassword: PASSWORD, newPassword: 'my-own-choice' },
        'errors { __typename }',
        viewer,
      );
      expect(await reset(token)).toMatchObject(LOST);
    });

    it('is asked for with the same answer and the same writes for nobody', async () => {
      await user.aViewer('Kate');
      await mailTo(folder, 'Kate@example.org');
      await nothingWaits();
      const before = mailsIn(folder).length;
      const nobody = ['nobody_at_all', 'nobody@example.org', 'kate@example.org'];
      const answers = await Promise.all(nobody.map(askReset));
      expect(answers).toEqual(nobody.map(() => ({ linkLifetimeMinutes: 60, errors: [] })));
      await nothingWaits();
      expect(mailsIn(folder)).toHaveLength(before);
      expect(errorsOf(await askReset('no login\0'))).toMatchObject([
        { field: ['login'], constraint: 'MALFORMED' },
      ]);
    });
  });

  it('the owner is told of an account that ends, and nothing comes for one that is gone', async () => {
    const viewer = await user.aViewer('Lena');
    await verify(tokenIn(await mailTo(folder, 'Lena@example.org')));
    await user.change('deactivateAccount', { password: PASSWORD }, 'deactivatedUserId', viewer);
    expect((await mailTo(folder, 'Lena@example.org', 2)).text).toContain('within 30 days');
    await askReset('lena');
    await reset(tokenIn(await mailTo(folder, 'Lena@example.org', 3)));
    await mailTo(folder, 'Lena@example.org', 4);
    const { session } = (await user.signIn('lena', NEW_PASSWORD)) as { session: { id: string } };
    const back = { ...viewer, sessionId: session.id.replace('session_', '') };
    const input = { password: NEW_PASSWORD, confirmUsername: 'lena' };
    await user.change('deleteAccount', input, 'deletedUserId', back);
    expect(await mailTo(folder, 'Lena@example.org', 5)).toMatchObject({ subject: 'Your account is deleted' });
    await askReset('lena');
    await nothingWaits();
    expect(mailsIn(folder).filter(({ to }) => to === 'Lena@example.org')).toHaveLength(5);
  });

  it('the account is erased, and one is deleted whose owner does not come back', async () => {
    const [gone, late] = [await user.aViewer('Mona'), await user.aViewer('Nell')];
    await user.told();
    await user.admin.query(
      `UPDATE users.users SET deactivated_at = now() - interval '30 days' WHERE id = $1`,
      [late.userId],
    );
    await user.change(
      'deleteAccount',
      { password: PASSWORD, confirmUsername: 'mona' },
      'deletedUserId',
      gone,
    );
    await until('both are erased', async () => {
      const { rowCount } = await user.admin.query('SELECT FROM users.users WHERE id IN ($1, $2)', [
        gone.userId,
        late.userId,
      ]);
      return rowCount === 0;
    });
    expect((await user.told()).toSorted()).toEqual(['AccountDeleted', 'AccountDeleted', 'AccountHidden']);
    const { rows } = await user.admin.query<Json>(
      `SELECT username FROM users.username_claims WHERE user_id IN ($1, $2) AND held_until > now() + interval '29 days' ORDER BY 1`,
      [gone.userId, late.userId],
    );
    expect(rows).toEqual([{ username: 'mona' }, { username: 'nell' }]);
  });

  it('an account is deleted when its time is over, also behind one that cannot be', async () => {
    await user.aViewer('Olga');
    await user.aViewer('Pia');
    const abandon = (username: string) =>
      user.admin.query(
        `UPDATE users.users SET deactivated_at = now() - interval '30 days' WHERE username = $1`,
        [username],
      );
    const isGone = async (username: string) =>
      (await user.admin.query('SELECT FROM users.users WHERE username = $1', [username])).rowCount === 0;
    // As they are found: partition after partition.
    const { rows } = await user.admin.query<{ username: string }>(
      `SELECT username FROM users.users WHERE username IN ('Olga', 'Pia') ORDER BY tableoid, ctid`,
    );
    const [first = '', second = ''] = rows.map(({ username }) => username);
    await user.admin.query(
      `ALTER TABLE users.users ADD CONSTRAINT stays CHECK (username <> '${first}' OR deleted_at IS NULL)`,
    );
    await abandon(first);
    await abandon(second);
    await until('the second is gone', () => isGone(second));
    expect(await isGone(first)).toBe(false);
    await user.admin.query('ALTER TABLE users.users DROP CONSTRAINT stays');
    await until('the first is gone', () => isGone(first));
  });

  it('nothing is readable but to whoever runs the service, and no link lies in the database', async () => {
    const mail = await mailTo(folder, 'Ada@example.org');
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    const { rows } = await user.admin.query<{ text: string }>(
      `SELECT m::text AS text FROM users.mails m UNION ALL SELECT t::text FROM users.mail_tokens t`,
    );
    expect(rows.map(({ text }) => text).join('\n')).not.toContain(tokenIn(mail));
  });
});
