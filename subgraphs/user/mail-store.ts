import type { Pool, PoolClient } from 'pg';
import type { Id } from '../../platform/ids.ts';

export type MailKind =
  'verify-email' | 'reset-password' | 'password-changed' | 'email-changed' | 'deactivated' | 'deleted';

/** A mail to be sent, by what it is about. It is worded when it is sent, so no link lies in the database. */
export interface NewMail {
  kind: MailKind;
  userId?: Id;
  /** Instead of `userId`: whom it leads to is found out when it is sent. Lower case. */
  login?: string;
  /** Left out: the address of the account when it is sent. */
  recipient?: string;
}

export interface Mail {
  id: Id;
  kind: MailKind;
  userId: Id | null;
  login: string | null;
  recipient: string | null;
  /** How often it was tried to send it, this time included. */
  attempts: number;
  createdAt: Date;
}

/** Mails wait here until they are sent. A worker that dies with some in hand is followed by another. */
export interface MailStore {
  append(mail: NewMail): Promise<void>;
  /** Takes some that are due, oldest first, for two minutes; then they are due again. No two workers take one. */
  take(atMost: number): Promise<Mail[]>;
  remove(id: Id): Promise<void>;
  postpone(id: Id, ms: number): Promise<void>;
}

const APPEND = `INSERT INTO users.mails (kind, user_id, login, recipient) VALUES ($1, $2, $3, $4)`;

const TAKE = `
  UPDATE users.mails SET due_at = now() + interval '2 minutes', attempts = attempts + 1
  WHERE id IN (SELECT id FROM users.mails WHERE due_at <= now() ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING id, kind, user_id AS "userId", login, recipient, attempts, created_at AS "createdAt"`;

const POSTPONE = `UPDATE users.mails SET due_at = now() + make_interval(secs => $2::float8 / 1000) WHERE id = $1`;

export function createMailStore(primary: Pool): MailStore {
  return {
    append: (mail) => appendMail(primary, mail),
    take: async (atMost) =>
      (await primary.query<Mail>({ name: 'take-mails', text: TAKE, values: [atMost] })).rows,
    remove: async (id) => {
      await primary.query('DELETE FROM users.mails WHERE id = $1', [id]);
    },
    postpone: async (id, ms) => {
      await primary.query(POSTPONE, [id, ms]);
    },
  };
}

/** In the transaction of what causes it. */
export async function appendMail(
  database: Pool | PoolClient,
  { kind, userId, login, recipient }: NewMail,
): Promise<void> {
  await database.query(APPEND, [kind, userId ?? null, login ?? null, recipient ?? null]);
}
