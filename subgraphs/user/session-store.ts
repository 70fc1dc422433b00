import type { Pool, PoolClient } from 'pg';
import type { PrismaClient, Session as SessionRow } from '../../prisma/client/client.ts';
import { deleteInBatches } from '../../platform/delete-in-batches.ts';
import type { Id } from '../../platform/ids.ts';
import { MAX_SESSIONS, SESSION_DAYS, type NewSession, type Session } from './session.ts';

/** Sessions are read on the primary: one that was ended must be seen to be. */
export interface SessionStore {
  /**
   * Returns the session, and the ids of those that ended because the account had too many. Null when the account does
   * not stand, or its password is no longer the one that was compared: it was changed while somebody signed in.
   */
  insert(session: NewSession, passwordHash: string): Promise<{ session: Session; ended: Id[] } | null>;
  /** Null when it is unknown or has run out. Counts as a use from `address`. */
  useBySecret(secretHash: Buffer, address: string): Promise<Session | null>;
  /** Null when it is unknown or has run out. Counts as a use from `address`. */
  useById(id: Id, address: string): Promise<Session | null>;
  stands(id: Id): Promise<boolean>;
  /** Those that stand, last used first. */
  ofUser(userId: Id): Promise<Session[]>;
  /** False when it was not there, or is not one of `userId`. Its refresh tokens are of no use from then on. */
  delete(id: Id, userId: Id): Promise<boolean>;
  /** Ends all of an account but one. Returns their ids. */
  deleteOthers(userId: Id, keep: Id): Promise<Id[]>;
  /**
   * Trades one refresh token for another, and slides the session. Of two trades of one token within ten seconds both
   * succeed: two tabs did that. A later one is somebody who stole it, or from whom it was stolen: `ended` is the
   * session, now deleted. Both null: the token is unknown or too old, or its session is gone.
   */
  trade(
    tokenHash: Buffer,
    next: Buffer,
    address: string,
  ): Promise<{ session: Session | null; ended: Id | null }>;
}

const COLUMNS = `id, user_id AS "userId", device_name AS "deviceName", ip_address AS "ipAddress",
  signed_in_at AS "signedInAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt"`;

const IN_FULL = `now() + interval '${SESSION_DAYS} days'`;

/**
 * The CTEs that begin a session as `begun`, with the values of `sessionValues` as $1 to $6; `opened` is what must have a
 * row first.
 */
export const BEGIN_SESSION = (opened: string) => `
  begun AS (
    INSERT INTO users.sessions (id, user_id, secret_hash, device_name, ip_address, expires_at)
    SELECT $1::bigint, $2::bigint, $3::bytea, $5, $6, ${IN_FULL} FROM ${opened}
    RETURNING ${COLUMNS}
  ),
  refreshable AS (
    INSERT INTO users.refresh_tokens (token_hash, session_id, expires_at)
    SELECT $4::bytea, id, "expiresAt" FROM begun WHERE $4 IS NOT NULL
  )`;

export const sessionValues = (session: NewSession) => [
  session.id,
  session.userId,
  session.secretHash,
  session.refreshTokenHash,
  session.deviceName,
  session.ipAddress,
];

// The shared locks wait for whoever changes the password or the account just now.
const INSERT = `
  WITH welcome AS (
    SELECT FROM users.credentials secret JOIN users.users account ON account.id = secret.user_id
    WHERE secret.user_id = $2::bigint AND secret.password_hash = $7 AND account.deactivated_at IS NULL
    FOR SHARE
  ),
  crowded AS (
    SELECT id FROM users.sessions WHERE user_id = $2::bigint AND EXISTS (SELECT FROM welcome)
    ORDER BY last_used_at DESC, id DESC OFFSET ${MAX_SESSIONS - 1}
  ),
  ended AS (DELETE FROM users.sessions WHERE id IN (SELECT id FROM crowded) RETURNING id),
  ${BEGIN_SESSION('welcome')}
  SELECT begun.*, ARRAY(SELECT id::text FROM ended) AS ended FROM begun`;

/** Most requests only read: a use within a minute of the last is not written down. */
const FIND = (by: string) => `
  SELECT ${COLUMNS}, last_used_at < now() - interval '1 minute' AS "isStale"
  FROM users.sessions WHERE ${by} AND expires_at > now()`;

const SLIDE = `
  UPDATE users.sessions SET last_used_at = now(), expires_at = ${IN_FULL}, ip_address = $2
  WHERE id = $1 AND expires_at > now() RETURNING ${COLUMNS}`;

// The row of the token is the lock: a second trade waits for the first, and then sees when that was.
const TRADE = `
  WITH used AS (
    UPDATE users.refresh_tokens SET used_at = coalesce(used_at, clock_timestamp())
    WHERE token_hash = $1 AND expires_at > now()
    RETURNING session_id, coalesce(old.used_at > clock_timestamp() - interval '10 seconds', true) AS is_good
  ),
  slid AS (
    UPDATE users.sessions SET last_used_at = now(), expires_at = ${IN_FULL}, ip_address = $3
    WHERE id = (SELECT session_id FROM used WHERE is_good) AND expires_at > now()
    RETURNING ${COLUMNS}
  ),
  added AS (
    INSERT INTO users.refresh_tokens (token_hash, session_id, expires_at) SELECT $2::bytea, id, "expiresAt" FROM slid
  ),
  ended AS (
    DELETE FROM users.sessions WHERE id = (SELECT session_id FROM used WHERE NOT is_good) RETURNING id AS "endedId"
  )
  SELECT slid.*, ended."endedId" FROM slid FULL JOIN ended ON true`;

type Row = Session & { isStale: boolean };

export function createSessionStore(primary: Pool, prisma: PrismaClient): SessionStore {
  const use = async (name: string, by: string, key: Buffer | Id, address: string) => {
    const { rows } = await primary.query<Row>({ name, text: FIND(by), values: [key] });
    const [found] = rows;
    if (found === undefined) return null;
    const { isStale, ...session } = found;
    if (!isStale) return session;
    const slid = await primary.query<Session>({
      name: 'slide-session',
      text: SLIDE,
      values: [session.id, address],
    });
    return slid.rows[0] ?? null;
  };

  return {
    insert: async (session, passwordHash) => {
      const values = [...sessionValues(session), passwordHash];
      const { rows } = await primary.query<Session & { ended: Id[] }>({
        name: 'begin-session',
        text: INSERT,
        values,
      });
      const [row] = rows;
      if (row === undefined) return null;
      const { ended, ...begun } = row;
      return { session: begun, ended };
    },
    useBySecret: (hash, address) => use('session-by-secret', 'secret_hash = $1', hash, address),
    useById: (id, address) => use('session-by-id', 'id = $1', id, address),
    stands: async (id) => {
      const { rows } = await primary.query({ name: 'session-by-id', text: FIND('id = $1'), values: [id] });
      return rows.length > 0;
    },
    ofUser: async (userId) => {
      const rows = await prisma.session.findMany({
        where: { userId: BigInt(userId), expiresAt: { gt: new Date() } },
        omit: { secretHash: true },
        orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
        take: MAX_SESSIONS,
      });
      return rows.map(sessionOf);
    },
    delete: async (id, userId) =>
      (await prisma.session.deleteMany({ where: { id: BigInt(id), userId: BigInt(userId) } })).count > 0,
    deleteOthers: (userId, keep) => endSessions(primary, userId, keep),
    trade: async (tokenHash, next, address) => {
      const { rows } = await primary.query<Session & { endedId: Id | null }>(TRADE, [
        tokenHash,
        next,
        address,
      ]);
      const [row] = rows;
      if (row === undefined) return { session: null, ended: null };
      const { endedId, ...session } = row;
      return endedId === null ? { session, ended: null } : { session: null, ended: endedId };
    },
  };
}

const END = `
  WITH ended AS (
    DELETE FROM users.sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2::bigint RETURNING id
  ),
  worthless AS (DELETE FROM users.refresh_tokens WHERE session_id IN (SELECT id FROM ended))
  SELECT id FROM ended`;

/** Ends all sessions of an account but `keep`. Returns their ids, which are to be announced once it is committed. */
export async function endSessions(database: Pool | PoolClient, userId: Id, keep: Id | null): Promise<Id[]> {
  const { rows } = await database.query<{ id: Id }>(END, [userId, keep]);
  return rows.map(({ id }) => id);
}

/** Deletes what ran out. */
export async function pruneSessions(primary: Pool, signal: AbortSignal): Promise<void> {
  await deleteInBatches(primary, 'users.sessions', 'expires_at < now()', signal);
  await deleteInBatches(primary, 'users.refresh_tokens', 'expires_at < now()', signal);
}

const sessionOf = ({ id, userId, ...rest }: Omit<SessionRow, 'secretHash'>): Session => ({
  ...rest,
  id: String(id),
  userId: String(userId),
});
