import type { Pool, PoolClient } from 'pg';
import { AccountDeleted } from '../../platform/events/account-deleted.ts';
import { AccountHidden } from '../../platform/events/account-hidden.ts';
import { AccountProtectionChanged } from '../../platform/events/account-protection-changed.ts';
import { AccountReturned } from '../../platform/events/account-returned.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow, type OutboxRow } from '../../platform/messaging/outbox.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { emailClaim, RECOVERY_DAYS, type Account, type Credentials } from './account.ts';
import { appendMail } from './mail-store.ts';
import { endSessions } from './session-store.ts';
import { HELD_DAYS } from './username.ts';

/**
 * What is private of an account, and its way from opened to erased. A transaction that changes it begins with its row
 * of `credentials`, which is the lock, and whoever was let in by a password holds the hash that it was compared with:
 * what happened meanwhile shows. Each that ends sessions returns their ids, to be announced.
 */
export interface AccountStore {
  /** @param login lower case; an address when it holds an `@`, else a name. Deleted accounts are none. */
  byLogin(login: string, address: string): Promise<Credentials | null>;
  byId(userId: Id, address: string): Promise<Credentials | null>;
  account(userId: Id): Promise<Account | null>;
  /** Null when the password is no longer the one that was compared. */
  changePassword(who: Proven, newHash: string, keep: Id): Promise<Id[] | null>;
  /** False when the password is no longer the one that was compared. */
  changeEmail(who: Proven, email: string): Promise<boolean>;
  /** Whether it changed anything. */
  setProtection(userId: Id, isProtected: boolean): Promise<boolean>;
  /** Null when the password is no longer the one that was compared. Until then signing in brings it back. */
  deactivate(who: Proven): Promise<{ until: Date; ended: Id[] } | null>;
  /** Whether it was deactivated, and stands again. */
  bringBack(userId: Id): Promise<boolean>;
  /** Null when the password is no longer the one that was compared. */
  delete(who: Proven): Promise<{ nameHeldUntil: Date; ended: Id[] } | null>;
}

/** Somebody whose password was compared with this hash. */
export interface Proven {
  userId: Id;
  passwordHash: string;
}

const CREDENTIALS = `account.id AS "userId", account.username, secret.email, email_verified_at AS "emailVerifiedAt",
  password_hash AS "passwordHash", deactivated_at AS "deactivatedAt",
  EXISTS (SELECT FROM users.sessions s WHERE s.user_id = account.id AND s.ip_address = $2) AS "isTrusted"`;

const MAY_COME_BACK = `deleted_at IS NULL AND (deactivated_at IS NULL OR deactivated_at > now() - interval '${RECOVERY_DAYS} days')`;

// One statement whether there is such an account or not, so that time does not tell.
const BY_CLAIM = (claims: string, column: string, stands: string) => `
  SELECT ${CREDENTIALS} FROM users.${claims} claim
  JOIN users.credentials secret ON secret.user_id = claim.user_id JOIN users.users account ON account.id = claim.user_id
  WHERE claim.${column} = $1 AND ${stands} AND ${MAY_COME_BACK}`;
const BY_NAME = BY_CLAIM('username_claims', 'username', '(held_until IS NULL OR held_until > now())');
const BY_EMAIL = BY_CLAIM('email_claims', 'email', 'true');
const BY_ID = `
  SELECT ${CREDENTIALS} FROM users.credentials secret JOIN users.users account ON account.id = secret.user_id
  WHERE secret.user_id = $1 AND ${MAY_COME_BACK}`;

const ACCOUNT = `
  SELECT email, email_verified_at AS "emailVerifiedAt", password_changed_at AS "passwordChangedAt",
    username_changed_at AS "usernameChangedAt"
  FROM users.credentials WHERE user_id = $1`;

const PROTECT = `
  WITH changed AS (
    UPDATE users.users SET is_protected = $2 WHERE id = $1 AND is_protected <> $2 AND deactivated_at IS NULL RETURNING id
  )
  INSERT INTO users.outbox (topic, key, name, payload) SELECT $3, $4, $5, $6 FROM changed`;

const DEACTIVATE = `
  UPDATE users.users SET deactivated_at = now() WHERE id = $1 AND deactivated_at IS NULL
  RETURNING deactivated_at + interval '${RECOVERY_DAYS} days' AS until`;

const BRING_BACK = `
  WITH returned AS (
    UPDATE users.users SET deactivated_at = NULL WHERE id = $1 AND deactivated_at IS NOT NULL AND ${MAY_COME_BACK}
    RETURNING id
  )
  INSERT INTO users.outbox (topic, key, name, payload) SELECT $2, $3, $4, $5 FROM returned`;

const HOLD_NAME = `
  UPDATE users.username_claims SET held_until = now() + interval '${HELD_DAYS} days'
  WHERE username = lower($1) AND user_id = $2 RETURNING held_until AS until`;

export function createAccountStore(primary: Pool): AccountStore {
  const one = async (name: string, text: string, key: string, address: string) =>
    (await primary.query<Credentials>({ name, text, values: [key, address] })).rows[0] ?? null;

  return {
    byLogin: (login, address) =>
      login.includes('@')
        ? one('credentials-by-email', BY_EMAIL, login, address)
        : one('credentials-by-name', BY_NAME, login, address),
    byId: (userId, address) => one('credentials-by-id', BY_ID, userId, address),
    account: async (userId) =>
      (await primary.query<Account>({ name: 'account', text: ACCOUNT, values: [userId] })).rows[0] ?? null,
    changePassword: (who, newHash, keep) =>
      inTransaction(primary, async (client) => {
        if ((await lockAccount(client, who)) === null) return null;
        return await setPassword(client, who.userId, newHash, keep);
      }),
    changeEmail: (who, email) =>
      inTransaction(primary, async (client) => {
        const { userId } = who;
        const before = await lockAccount(client, who);
        if (before === null) return false;
        await client.query('UPDATE users.credentials SET email = $2 WHERE user_id = $1', [userId, email]);
        if (emailClaim(before.email) === emailClaim(email)) return true;
        await client.query('UPDATE users.credentials SET email_verified_at = NULL WHERE user_id = $1', [
          userId,
        ]);
        await giveUpEmail(client, userId, before.email);
        if (before.isVerified)
          await appendMail(client, { kind: 'email-changed', userId, recipient: before.email });
        await appendMail(client, { kind: 'verify-email', userId });
        return true;
      }),
    setProtection: async (userId, isProtected) => {
      const { topic, key, name, payload } = outboxRow(AccountProtectionChanged, { userId, isProtected });
      return (await primary.query(PROTECT, [userId, isProtected, topic, key, name, payload])).rowCount === 1;
    },
    deactivate: (who) =>
      inTransaction(primary, async (client) => {
        const { userId } = who;
        if ((await lockAccount(client, who)) === null) return null;
        const { rows } = await client.query<{ until: Date }>(DEACTIVATE, [userId]);
        const [hidden] = rows;
        if (hidden === undefined) return null;
        await appendEvents(client, outboxRow(AccountHidden, { userId }));
        await appendMail(client, { kind: 'deactivated', userId });
        return { ...hidden, ended: await endSessions(client, userId, null) };
      }),
    bringBack: async (userId) => {
      const { topic, key, name, payload } = outboxRow(AccountReturned, { userId });
      return (await primary.query(BRING_BACK, [userId, topic, key, name, payload])).rowCount === 1;
    },
    delete: (who) =>
      inTransaction(primary, async (client) => {
        const locked = await lockAccount(client, who);
        return locked && (await deleteAccount(client, who.userId, locked));
      }),
  };
}

export interface LockedAccount {
  email: string;
  /** Whether its owner is known to read what is sent there. Nobody else is told what happens to the account. */
  isVerified: boolean;
}

/** Null when there is no such account, or its password is no longer the one that was compared. */
export async function lockAccount(
  client: PoolClient,
  { userId, passwordHash }: { userId: Id; passwordHash?: string },
): Promise<LockedAccount | null> {
  const { rows } = await client.query<LockedAccount>(
    `SELECT email, email_verified_at IS NOT NULL AS "isVerified" FROM users.credentials WHERE user_id = $1 AND password_hash = coalesce($2, password_hash) FOR UPDATE`,
    [userId, passwordHash ?? null],
  );
  return rows[0] ?? null;
}

/** Of an account that is locked. Ends its sessions but `keep`, and makes links that reset its password worthless. */
export async function setPassword(
  client: PoolClient,
  userId: Id,
  hash: string,
  keep: Id | null,
): Promise<Id[]> {
  await client.query(
    'UPDATE users.credentials SET password_hash = $2, password_changed_at = now() WHERE user_id = $1',
    [userId, hash],
  );
  await client.query(`DELETE FROM users.mail_tokens WHERE user_id = $1 AND purpose = 'reset-password'`, [
    userId,
  ]);
  await appendMail(client, { kind: 'password-changed', userId });
  return await endSessions(client, userId, keep);
}

/**
 * Of an account that is locked: from now on nobody can sign in to it, and it is nowhere to be seen. What is left of it
 * here is a row of `users`, and its name, held; others hear that they have to erase what they have.
 */
export async function deleteAccount(client: PoolClient, userId: Id, { email, isVerified }: LockedAccount) {
  const { rows } = await client.query<{ username: string; wasHidden: boolean }>(
    `UPDATE users.users SET deleted_at = now(), deactivated_at = coalesce(deactivated_at, now())
     WHERE id = $1 AND deleted_at IS NULL
     RETURNING username, old.deactivated_at IS NOT NULL AS "wasHidden"`,
    [userId],
  );
  const [deleted] = rows;
  if (deleted === undefined) return null;
  const held = await client.query<{ until: Date }>(HOLD_NAME, [deleted.username, userId]);
  await giveUpEmail(client, userId, email);
  await client.query('DELETE FROM users.mails WHERE user_id = $1 AND recipient IS NULL', [userId]);
  await client.query('DELETE FROM users.credentials WHERE user_id = $1', [userId]);
  if (isVerified) await appendMail(client, { kind: 'deleted', recipient: email });
  const hidden = deleted.wasHidden ? [] : [outboxRow(AccountHidden, { userId })];
  await appendEvents(client, ...hidden, outboxRow(AccountDeleted, { userId }));
  const ended = await endSessions(client, userId, null);
  return { nameHeldUntil: held.rows[0]?.until ?? new Date(), ended };
}

/** Links that were sent to an address are worthless with it. */
async function giveUpEmail(client: PoolClient, userId: Id, email: string): Promise<void> {
  await client.query('DELETE FROM users.email_claims WHERE email = $1 AND user_id = $2', [
    emailClaim(email),
    userId,
  ]);
  await client.query('DELETE FROM users.mail_tokens WHERE user_id = $1', [userId]);
}

/** In the transaction of the fact that they tell. */
export async function appendEvents(client: PoolClient, ...events: OutboxRow[]): Promise<void> {
  await client.query(
    `INSERT INTO users.outbox (topic, key, name, payload)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[])`,
    [
      events.map(({ topic }) => topic),
      events.map(({ key }) => key),
      events.map(({ name }) => name),
      events.map(({ payload }) => payload),
    ],
  );
}
