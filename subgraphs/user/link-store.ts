import type { Pool, PoolClient } from 'pg';
import type { Id } from '../../platform/ids.ts';
import { inTransaction } from '../../platform/transaction.ts';
import { emailClaim } from './account.ts';
import { lockAccount, setPassword } from './account-store.ts';
import { LINK_MINUTES, type LinkPurpose } from './mails.ts';

/** The links in mails. Each works once, until it is too old or a newer one of its purpose has been sent. */
export interface LinkStore {
  issue(purpose: LinkPurpose, to: { userId: Id; email: string }, tokenHash: Buffer): Promise<void>;
  /** Whose password a link would reset; null when it no longer works. */
  whosePassword(tokenHash: Buffer): Promise<{ username: string; email: string } | null>;
  /** Ends all sessions of the account, whose ids are to be announced. Null when the link no longer works. */
  resetPassword(tokenHash: Buffer, passwordHash: string): Promise<{ ended: Id[] } | null>;
  /** Null when the link no longer works. */
  verifyEmail(tokenHash: Buffer): Promise<{ email: string; isTaken: boolean } | null>;
  /** Who has verified an address, as it is claimed. */
  verifiedBy(claim: string): Promise<{ userId: Id; username: string } | null>;
  prune(): Promise<void>;
}

const ISSUE = `
  INSERT INTO users.mail_tokens (user_id, purpose, token_hash, email, expires_at)
  VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5))
  ON CONFLICT (user_id, purpose) DO UPDATE
  SET token_hash = excluded.token_hash, email = excluded.email, expires_at = excluded.expires_at`;

const FIND = `
  SELECT token.user_id AS "userId", account.username, token.email FROM users.mail_tokens token
  JOIN users.users account ON account.id = token.user_id
  WHERE token_hash = $1 AND purpose = $2 AND expires_at > now()`;

const USE_UP = `DELETE FROM users.mail_tokens WHERE token_hash = $1 AND expires_at > now() RETURNING email`;

// The row of the claim is the lock: of two who verify one address, the second sees what the first did.
const CLAIM = `
  INSERT INTO users.email_claims (email, user_id) VALUES ($1, $2)
  ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING user_id AS "userId"`;

const HAS_VERIFIED = `SELECT FROM users.credentials WHERE user_id = $1 AND email_verified_at IS NOT NULL`;

const VERIFIED_BY = `
  SELECT account.id AS "userId", account.username FROM users.email_claims claim
  JOIN users.credentials secret ON secret.user_id = claim.user_id JOIN users.users account ON account.id = claim.user_id
  WHERE claim.email = $1 AND email_verified_at IS NOT NULL`;

export function createLinkStore(primary: Pool): LinkStore {
  const find = async (tokenHash: Buffer, purpose: LinkPurpose) => {
    const { rows } = await primary.query<{ userId: Id; username: string; email: string }>(FIND, [
      tokenHash,
      purpose,
    ]);
    return rows[0] ?? null;
  };

  /** Runs `work` on the account of a link that is used up with it; null when the link no longer works. */
  const redeem = async <T>(
    tokenHash: Buffer,
    purpose: LinkPurpose,
    work: (client: PoolClient, userId: Id, email: string) => Promise<T>,
  ): Promise<T | null> => {
    const found = await find(tokenHash, purpose);
    if (found === null) return null;
    return await inTransaction(primary, async (client) => {
      // A link that was on its way while the address changed leads from the old one.
      const account = await lockAccount(client, found);
      if (account === null || emailClaim(account.email) !== emailClaim(found.email)) return null;
      const { rows } = await client.query<{ email: string }>(USE_UP, [tokenHash]);
      const [used] = rows;
      return used === undefined ? null : await work(client, found.userId, used.email);
    });
  };

  return {
    issue: async (purpose, { userId, email }, tokenHash) => {
      await primary.query(ISSUE, [userId, purpose, tokenHash, email, LINK_MINUTES[purpose]]);
    },
    whosePassword: (tokenHash) => find(tokenHash, 'reset-password'),
    resetPassword: (tokenHash, passwordHash) =>
      redeem(tokenHash, 'reset-password', async (client, userId, email) => {
        await verify(client, userId, email);
        return { ended: await setPassword(client, userId, passwordHash, null) };
      }),
    verifyEmail: (tokenHash) =>
      redeem(tokenHash, 'verify-email', async (client, userId, email) => ({
        email,
        isTaken: !(await verify(client, userId, email)),
      })),
    verifiedBy: async (claim) =>
      (await primary.query<{ userId: Id; username: string }>(VERIFIED_BY, [claim])).rows[0] ?? null,
    prune: async () => {
      await primary.query('DELETE FROM users.mail_tokens WHERE expires_at < now()');
    },
  };
}

/**
 * Of an account that is locked, and whose address this is. False, with nothing changed,
 * when somebody else has verified the address; who has only claimed it, loses it.
 */
async function verify(client: PoolClient, userId: Id, email: string): Promise<boolean> {
  const claim = emailClaim(email);
  const { rows } = await client.query<{ userId: Id }>(CLAIM, [claim, userId]);
  const holder = rows[0]?.userId ?? userId;
  if (holder !== userId) {
    if ((await client.query(HAS_VERIFIED, [holder])).rowCount === 1) return false;
    await client.query('UPDATE users.email_claims SET user_id = $2 WHERE email = $1', [claim, userId]);
  }
  await client.query(
    'UPDATE users.credentials SET email_verified_at = coalesce(email_verified_at, now()) WHERE user_id = $1',
    [userId],
  );
  return true;
}
