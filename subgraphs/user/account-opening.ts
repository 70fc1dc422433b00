import type { Pool } from 'pg';
import { AccountOpened } from '../../platform/events/account-opened.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { isUniqueViolation } from '../../platform/new-ids.ts';
import { BEGIN_SESSION, sessionValues } from './session-store.ts';
import type { NewSession, Session } from './session.ts';

export interface NewAccount {
  username: string;
  displayName: string;
  email: string;
  passwordHash: string;
  /** The session that begins with it; its `userId` is the account's id. */
  session: NewSession;
}

export type Opening =
  | { type: 'opened'; session: Session }
  /** Somebody has it, be it since this very moment. */
  | { type: 'taken'; field: 'username' | 'email' };

// The claims are the locks: the loser of a race fails here, and with it all the rest. Name before address, always, so
// that two sign-ups never wait for each other.
const OPEN = `
  WITH named AS (
    INSERT INTO users.username_claims (username, user_id) VALUES (lower($6), $2::bigint) RETURNING user_id
  ),
  addressed AS (
    INSERT INTO users.email_claims (email, user_id) SELECT $8, user_id FROM named RETURNING user_id
  ),
  opened AS (
    INSERT INTO users.users (id, username, display_name) SELECT user_id, $6, $7 FROM addressed RETURNING id
  ),
  guarded AS (
    INSERT INTO users.credentials (user_id, email, password_hash) SELECT id, $9, $10 FROM opened
  ),
  told AS (
    INSERT INTO users.outbox (topic, key, name, payload) SELECT $11, $12, $13, $14 FROM opened
  )
  ${BEGIN_SESSION('opened')}`;

/** Opens an account in one statement: the account, its claims, its password, its first session and its event, or none. */
export async function openAccount(primary: Pool, account: NewAccount): Promise<Opening> {
  const { session, username, displayName, email, passwordHash } = account;
  const event = outboxRow(AccountOpened, { userId: session.userId, username });
  try {
    const { rows } = await primary.query<Session>(OPEN, [
      ...sessionValues(session),
      username,
      displayName,
      email.toLowerCase(),
      email,
      passwordHash,
      event.topic,
      event.key,
      event.name,
      event.payload,
    ]);
    const [begun] = rows;
    if (begun === undefined) throw new Error('An account was not opened');
    return { type: 'opened', session: begun };
  } catch (error) {
    // Postgres names the partition: username_claims_p3.
    const table = isUniqueViolation(error) ? (error.table ?? '') : '';
    if (table.startsWith('username_claims')) return { type: 'taken', field: 'username' };
    if (table.startsWith('email_claims')) return { type: 'taken', field: 'email' };
    throw error;
  }
}
