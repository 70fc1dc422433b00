import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import pg from 'pg';
import { createLog } from '../../platform/process/log.ts';
import { connectPrisma } from '../../prisma/connect.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { until } from '../../tests/until.ts';
import { createAccessTokens } from './access-token.ts';
import { createEndedSessions, type EndedSessions } from './ended-sessions.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { newSecrets } from './session.ts';
import { createSessionStore, pruneSessions, type SessionStore } from './session-store.ts';
import { createSessions, newSession, type Sessions } from './sessions.ts';

const USER = '42';
const WHO = { userId: USER, passwordHash: 'hash of a password' };
const LAPTOP = { name: 'Laptop', address: '192.0.2.1' };
const FROM = { address: '192.0.2.9' };
const log = createLog('test');

describe('sessions', () => {
  let test: TestDatabase;
  let admin: pg.Client;
  let pool: pg.Pool;
  let prisma: ReturnType<typeof connectPrisma>;
  let ended: EndedSessions;
  let store: SessionStore;
  let sessions: Sessions;

  beforeAll(async () => {
    test = await testDatabase();
    admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    await admin.query(`INSERT INTO users.users (id, username, display_name) VALUES ($1, 'ada', 'Ada')`, [
      USER,
    ]);
    await admin.query(
      `INSERT INTO users.credentials (user_id, email, password_hash) VALUES ($1, 'ada@example.org', $2)`,
      [USER, WHO.passwordHash],
    );
    pool = new pg.Pool({ connectionString: test.env.USER_DATABASE_URL });
    prisma = connectPrisma({ connectionString: test.env.USER_DATABASE_URL });
    ended = createEndedSessions(test.env.REDIS_URL, test.env.REDIS_KEY_PREFIX, log);
    store = createSessionStore(pool, prisma);
    sessions = createSessions({
      store,
      tokens: accessTokens(test),
      ended,
      withNewIds: createNewIds(pool, 'users'),
    });
  });
  afterAll(async () => {
    ended.close();
    await Promise.all([pool.end(), prisma.$disconnect(), admin.end()]);
    await test.drop();
  });
  beforeEach(async () => {
    await admin.query('TRUNCATE users.sessions, users.refresh_tokens');
  });

  const BROWSER = { wantsToken: false };
  const PROGRAM = { wantsToken: true };
  const begin = async (from = sessions, how = BROWSER) => {
    const secrets = newSecrets(how);
    const session = await from.begin(WHO, secrets, LAPTOP);
    if (session === null) throw new Error('The account should stand');
    return { session, secrets, secret: secrets.cookie };
  };
  const cookie = (secret: string) => sessions.find({ kind: 'cookie', secret }, FROM);
  const bearer = (secret: string) => sessions.find({ kind: 'bearer', secret }, FROM);
  const tokensOf = async () => {
    const { session, secrets } = await begin(sessions, PROGRAM);
    return { session, tokens: await sessions.tokensOf(session, secrets.refreshToken ?? '') };
  };
  const refresh = (token: string) => sessions.refresh(token, FROM.address);

  it('are found by their secret, which is stored nowhere', async () => {
    const { session, secret } = await begin();
    expect(await cookie(secret)).toEqual({ id: session.id, userId: USER, expiresAt: session.expiresAt });
    const { rows } = await admin.query<{ text: string }>('SELECT s::text AS text FROM users.sessions s');
    expect(rows[0]?.text).not.toContain(secret);
  });

  it('are not found by what is no secret of theirs', async () => {
    const others = ['', 'x', 'A'.repeat(43), 'A'.repeat(10_000), '\0'.repeat(43), '\ud800'];
    for (const secret of others) {
      expect(await cookie(secret)).toBeNull();
      expect(await bearer(secret)).toBeNull();
      expect(await refresh(secret)).toBeNull();
    }
  });

  it('run out when unused for 30 days', async () => {
    const { session, secret } = await begin();
    const { tokens } = await tokensOf();
    await admin.query(`UPDATE users.sessions SET expires_at = now() - interval '1 ms'`);
    expect(await cookie(secret)).toBeNull();
    expect(await bearer(tokens.accessToken)).toBeNull();
    expect(await refresh(tokens.refreshToken)).toBeNull();
    expect(await sessions.use(session.id, FROM.address)).toBeNull();
    expect(await sessions.stands(session.id)).toBe(false);
    expect(await sessions.ofUser(USER)).toEqual([]);
    // More than fit a statement.
    await admin.query(
      `INSERT INTO users.refresh_tokens (token_hash, session_id, expires_at)
       SELECT sha256(n::text::bytea), $1, now() - interval '1 ms' FROM generate_series(1, 20001) n`,
      [session.id],
    );
    await pruneSessions(pool, new AbortController().signal);
    expect((await admin.query('SELECT FROM users.sessions')).rowCount).toBe(0);
    const { rowCount } = await admin.query('SELECT FROM users.refresh_tokens WHERE expires_at < now()');
    expect(rowCount).toBe(0);
  });

  it('slide when used, and write that down once a minute', async () => {
    const { secret } = await begin();
    const before = await sessions.ofUser(USER);
    await cookie(secret);
    expect(await sessions.ofUser(USER)).toEqual(before);

    await admin.query(
      `UPDATE users.sessions SET last_used_at = now() - interval '61 s', expires_at = now() + interval '1 day'`,
    );
    const found = await cookie(secret);
    const [after] = await sessions.ofUser(USER);
    expect(after).toMatchObject({ expiresAt: found?.expiresAt, ipAddress: FROM.address });
    expect(after?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });

  it('begin only with the password that stands, and while the account does', async () => {
    expect(
      await sessions.begin({ ...WHO, passwordHash: 'hash of the one before' }, newSecrets(BROWSER), LAPTOP),
    ).toBeNull();
    await admin.query('UPDATE users.users SET deactivated_at = now()');
    expect(await sessions.begin(WHO, newSecrets(BROWSER), LAPTOP)).toBeNull();
    await admin.query('UPDATE users.users SET deactivated_at = NULL');
    expect(await sessions.begin(WHO, newSecrets(BROWSER), LAPTOP)).not.toBeNull();
  });

  it('wait for a password that is being changed, and then know it', async () => {
    const changing = await pool.connect();
    await changing.query('BEGIN');
    await changing.query(`UPDATE users.credentials SET password_hash = 'new' WHERE user_id = $1`, [USER]);
    const late = sessions.begin(WHO, newSecrets(BROWSER), LAPTOP);
    await until('somebody waits for the lock', async () => {
      const { rowCount } = await admin.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    });
    await changing.query('COMMIT');
    expect(await late).toBeNull();
    await changing.query(`UPDATE users.credentials SET password_hash = $2 WHERE user_id = $1`, [
      USER,
      WHO.passwordHash,
    ]);
    changing.release();
  });

  it('are ended by their owner only', async () => {
    const { session, secret } = await begin();
    expect(await sessions.end(session.id, '43')).toBe(false);
    expect(await cookie(secret)).not.toBeNull();
  });

  it('are ended all but one, with what refreshes them', async () => {
    const kept = await begin();
    const { session, tokens } = await tokensOf();
    expect(await sessions.endOthers(USER, kept.session.id)).toEqual([session.id]);
    expect(await cookie(kept.secret)).not.toBeNull();
    expect(await bearer(tokens.accessToken)).toBeNull();
    expect((await admin.query('SELECT FROM users.refresh_tokens')).rowCount).toBe(0);
    expect(await sessions.endOthers(USER, kept.session.id)).toEqual([]);
  });

  it('are at most 50 of an account: the longest unused ends', async () => {
    const first = await begin();
    const second = await begin();
    await admin.query(`UPDATE users.sessions SET last_used_at = now() - interval '1 h' WHERE id = $1`, [
      second.session.id,
    ]);
    for (let n = 0; n < 48; n++) await begin();
    const heard: string[] = [];
    const stop = sessions.onEnded((id) => heard.push(id));
    await begin();
    stop();
    expect(await sessions.ofUser(USER)).toHaveLength(50);
    expect(await cookie(second.secret)).toBeNull();
    expect(await cookie(first.secret)).not.toBeNull();
    expect(heard).toContain(second.session.id);
  });

  it('are ended for every process', async () => {
    const elsewhere = createEndedSessions(test.env.REDIS_URL, test.env.REDIS_KEY_PREFIX, log);
    const heard: string[] = [];
    elsewhere.onEnded((id) => heard.push(id));
    const { session, secret } = await begin();
    await sessions.end(session.id, USER);
    expect(await cookie(secret)).toBeNull();
    expect(await sessions.stands(session.id)).toBe(false);
    // Best effort: said again until the other process has subscribed.
    while (!heard.includes(session.id)) {
      await ended.announce(session.id);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    elsewhere.close();
  });

  it('end without Redis too', async () => {
    const nowhere = createEndedSessions('redis://127.0.0.1:1', '', log);
    const alone = createSessions({
      store,
      tokens: accessTokens(test),
      ended: nowhere,
      withNewIds: createNewIds(pool, 'users'),
    });
    const heard: string[] = [];
    alone.onEnded((id) => heard.push(id));
    const { session, secret } = await begin(alone);
    await alone.end(session.id, USER);
    expect(heard).toEqual([session.id]);
    expect(await cookie(secret)).toBeNull();
    nowhere.close();
  });

  it('are found by an access token, as long as they stand', async () => {
    const { session, tokens } = await tokensOf();
    expect(await bearer(tokens.accessToken)).toEqual({
      id: session.id,
      userId: USER,
      expiresAt: tokens.accessTokenExpiresAt,
    });
    await sessions.end(session.id, USER);
    expect(await bearer(tokens.accessToken)).toBeNull();
  });

  it('go on with a new refresh token for each old one', async () => {
    const { session, tokens } = await tokensOf();
    const once = await refresh(tokens.refreshToken);
    const twice = await refresh(once?.tokens.refreshToken ?? '');
    expect(twice?.session.id).toBe(session.id);
    expect(await bearer(twice?.tokens.accessToken ?? '')).not.toBeNull();
  });

  it('go on for two tabs that refresh at the same moment', async () => {
    const { tokens } = await tokensOf();
    const both = await Promise.all([refresh(tokens.refreshToken), refresh(tokens.refreshToken)]);
    for (const each of both) {
      expect(await bearer(each?.tokens.accessToken ?? '')).not.toBeNull();
      expect(await refresh(each?.tokens.refreshToken ?? '')).not.toBeNull();
    }
  });

  it('end with all their tokens when an old refresh token turns up again', async () => {
    const { session, tokens } = await tokensOf();
    const next = await refresh(tokens.refreshToken);
    await admin.query(`UPDATE users.refresh_tokens SET used_at = used_at - interval '11 s'`);
    const heard: string[] = [];
    const stop = sessions.onEnded((id) => heard.push(id));
    expect(await refresh(tokens.refreshToken)).toBeNull();
    stop();
    expect(heard).toContain(session.id);
    expect(await sessions.stands(session.id)).toBe(false);
    expect(await bearer(next?.tokens.accessToken ?? '')).toBeNull();
    expect(await refresh(next?.tokens.refreshToken ?? '')).toBeNull();
  });

  it('take another id when another process has taken theirs', async () => {
    const { session: other } = await begin();
    const ids: string[] = [];
    const inserted = await createNewIds(
      pool,
      'users',
    )((next) => {
      ids.push(ids.length === 0 ? other.id : next());
      return store.insert(newSession(ids.at(-1) ?? '', USER, newSecrets(BROWSER), LAPTOP), WHO.passwordHash);
    });
    expect(ids).toEqual([other.id, inserted?.session.id]);
  });
});

const accessTokens = ({ env }: TestDatabase) =>
  createAccessTokens(
    createPrivateKey({ key: Buffer.from(env.SESSION_SIGNING_KEY, 'base64'), format: 'der', type: 'pkcs8' }),
    'http://localhost:3000',
  );
