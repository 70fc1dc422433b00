import type { Pool } from 'pg';
import { AccountOpened } from '../../platform/events/account-opened.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { appendMail } from './mail-store.ts';
import { BEGIN_SESSION, sessionValues } from './session-store.ts';
import type { NewSession, Session } from './session.ts';
import { lockLooks, LOOKS_LIKE } from './username-store.ts';

export interface NewAccount {
  username: string;
  displayName: string;
  email: string;
  passwordHash: string;
  /** The session that begins with it; its `userId` is the account's id. */
  session: NewSession;
}

// The claim is a lock: the loser of a race finds it taken, and nothing of the rest happens. A name that was held long
// enough is anybody's, though its row may still lie there.
const OPEN = `
  WITH named AS (
    INSERT INTO users.username_claims AS claim (username, user_id)
    SELECT lower($7), $2::bigint WHERE NOT ${LOOKS_LIKE('lower($7)', '$2::bigint')}
    ON CONFLICT (username) DO UPDATE SET user_id = excluded.user_id, held_until = NULL WHERE claim.held_until < now()
    RETURNING user_id
  ),
  opened AS (
    INSERT INTO users.users (id, username, display_name) SELECT user_id, $7, $8 FROM named RETURNING id
  ),
  guarded AS (
    INSERT INTO users.credentials (user_id, email, password_hash) SELECT id, $9, $10 FROM opened
  ),
  told AS (
    INSERT INTO users.outbox (topic, key, name, payload) SELECT $11, $12, $13, $14 FROM opened
  ),
  ${BEGIN_SESSION('opened')}
  SELECT * FROM begun`;

/**
 * Opens an account, whole: with its name, its password, its first session, its event and the mail that verifies its
 * address. Null, with nothing written, when its name cannot be had; whose the address may be plays no part in it.
 */
export async function openAccount(primary: Pool, account: NewAccount): Promise<Session | null> {
  const { session, username, displayName, email, passwordHash } = account;
  const event = outboxRow(AccountOpened, { userId: session.userId, username });
  return await inTransaction(primary, async (client) => {
    await lockLooks(client, username.toLowerCase());
    const { rows } = await client.query<Session>(OPEN, [
      ...sessionValues(session),
      username,
      displayName,
      email,
      passwordHash,
      event.topic,
      event.key,
      event.name,
      event.payload,
    ]);
    const [begun] = rows;
    if (begun === undefined) return null;
    await appendMail(client, { kind: 'verify-email', userId: session.userId });
    return begun;
  });
}
