import type { Pool, PoolClient } from 'pg';
import { ProfileChanged } from '../../platform/events/profile-changed.ts';
import type { Id } from '../../platform/ids.ts';
import { outboxRow } from '../../platform/messaging/outbox.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { appendEvents, lockAccount } from './account-store.ts';
import { HELD_DAYS, RESERVED, type NameFault } from './username.ts';

/** Who has which name, and what names are too close to another. */
export interface UsernameStore {
  /**
   * Why each of these names cannot be had, in their order; null where it can. Names of the account itself, its present
   * one and those that are held for it, don't stand in its own way.
   */
  judge(names: readonly string[], ownerId: Id | null): Promise<(NameFault | null)[]>;
  /** Gives an account another name. Null when it cannot be had: ask `judge` why. */
  change(userId: Id, username: string): Promise<ChangedName | null>;
  /** Gives names up that were held long enough. */
  release(): Promise<void>;
}

export interface ChangedName {
  /** Null when only upper and lower case changed, or nothing. */
  previousHeldUntil: Date | null;
}

/** What stands in the way of a new claim: one in use, or held still. */
const STANDS = '(claim.held_until IS NULL OR claim.held_until > now())';

/** Another account's name that looks like `name`, an SQL expression in lower case. `owner` may be null. */
export const LOOKS_LIKE = (name: string, owner: string) => `EXISTS (
  SELECT FROM users.username_claims claim
  WHERE users.skeleton(claim.username) = users.skeleton(${name}) AND claim.username <> ${name}
    AND claim.user_id IS DISTINCT FROM ${owner} AND ${STANDS})`;

const JUDGE = `
  SELECT CASE
    WHEN claim.user_id IS NOT NULL AND claim.user_id = $2::bigint THEN NULL
    WHEN claim.user_id IS NOT NULL THEN 'TAKEN'
    WHEN users.skeleton(asked.name) IN (SELECT users.skeleton(word) FROM unnest($3::text[]) AS reserved (word))
      THEN 'RESERVED'
    WHEN ${LOOKS_LIKE('asked.name', '$2::bigint')} THEN 'CONFUSABLE'
  END AS fault
  FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, at)
  LEFT JOIN users.username_claims claim ON claim.username = asked.name AND ${STANDS}
  ORDER BY at`;

// Of two who want names that look alike, the second waits here, and then sees the first one's.
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended(users.skeleton($1), 0))`;

/** Keeps names that look like this one from being claimed by anybody else until the end of the transaction. */
export const lockLooks = async (client: PoolClient, claim: string): Promise<void> => {
  await client.query(LOCK, [claim]);
};

const CURRENT = `SELECT username FROM users.users WHERE id = $1 AND deactivated_at IS NULL`;

const CLAIM = `
  INSERT INTO users.username_claims AS claim (username, user_id)
  SELECT $1::text, $2::bigint WHERE NOT ${LOOKS_LIKE('$1::text', '$2::bigint')}
  ON CONFLICT (username) DO UPDATE SET user_id = excluded.user_id, held_until = NULL
  WHERE claim.user_id = excluded.user_id OR claim.held_until < now()
  RETURNING user_id`;

const HOLD = `
  UPDATE users.username_claims SET held_until = now() + interval '${HELD_DAYS} days'
  WHERE username = $1 AND user_id = $2 RETURNING held_until AS "heldUntil"`;

export function createUsernameStore(primary: Pool): UsernameStore {
  return {
    judge: async (names, ownerId) => {
      if (names.length === 0) return [];
      const { rows } = await primary.query<{ fault: NameFault | null }>({
        name: 'judge-usernames',
        text: JUDGE,
        values: [names.map((name) => name.toLowerCase()), ownerId, RESERVED],
      });
      return rows.map(({ fault }) => fault);
    },
    change: (userId, username) =>
      inTransaction(primary, async (client) => {
        const claim = username.toLowerCase();
        await lockLooks(client, claim);
        await lockAccount(client, { userId });
        const { rows } = await client.query<{ username: string }>(CURRENT, [userId]);
        const current = rows[0]?.username;
        if (current === undefined) return null;
        if (current === username) return { previousHeldUntil: null };
        const previous = current.toLowerCase();
        if (previous !== claim && (await client.query(CLAIM, [claim, userId])).rowCount === 0) return null;
        const held =
          previous === claim ? null : await client.query<{ heldUntil: Date }>(HOLD, [previous, userId]);
        await client.query('UPDATE users.users SET username = $2 WHERE id = $1', [userId, username]);
        await client.query('UPDATE users.credentials SET username_changed_at = now() WHERE user_id = $1', [
          userId,
        ]);
        await appendEvents(client, outboxRow(ProfileChanged, { userId }));
        return { previousHeldUntil: held?.rows[0]?.heldUntil ?? null };
      }),
    release: async () => {
      await primary.query('DELETE FROM users.username_claims WHERE held_until < now()');
    },
  };
}
