import type { Id } from '../../platform/ids.ts';
import {
  invalid,
  notFound,
  type NotFoundRefusal,
  type RateLimitedRefusal,
  type ValidationRefusal,
} from '../errors.ts';
import type { AccountStore } from './account-store.ts';
import type { Limits } from './limits.ts';
import type { LinkStore } from './link-store.ts';
import { LINK_MINUTES } from './mails.ts';
import type { MailStore } from './mail-store.ts';
import { checkPassword, knownOf } from './password.ts';
import { loginOf } from './password-check.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { hashOf } from './session.ts';
import type { Sessions } from './sessions.ts';

type Done<Result, Refusal> = ({ type: 'done' } & Result) | { type: 'refused'; errors: Refusal[] };

/** What one does by mail: prove an address, and get back in without the password. */
export interface Recovery {
  /** The same work whoever `login` is: whether that is anybody, the worker finds out. */
  requestPasswordReset(
    login: string,
    address: string,
  ): Promise<Done<{ linkLifetimeMinutes: number }, ValidationRefusal | RateLimitedRefusal>>;
  resetPassword(
    input: { token: string; newPassword: string },
    address: string,
  ): Promise<Done<{ username: string }, ValidationRefusal | NotFoundRefusal | RateLimitedRefusal>>;
  requestEmailVerification(
    userId: Id,
  ): Promise<Done<{ email: string }, ValidationRefusal | RateLimitedRefusal>>;
  verifyEmail(
    token: string,
    address: string,
  ): Promise<Done<{ email: string }, ValidationRefusal | NotFoundRefusal | RateLimitedRefusal>>;
}

interface RecoveryParts {
  accounts: AccountStore;
  mails: MailStore;
  links: LinkStore;
  passwords: PasswordHasher;
  sessions: Sessions;
  limits: Limits;
}

const LOST_LINK = notFound(['token'], 'This link is too old, was used, or a newer one was sent.');

const refused = <Refusal>(...errors: Refusal[]) => ({ type: 'refused' as const, errors });

export function createRecovery(parts: RecoveryParts): Recovery {
  const { accounts, mails, links, passwords, sessions, limits } = parts;

  return {
    requestPasswordReset: async (typed, address) => {
      const login = loginOf(typed);
      if (login === null)
        return refused(invalid(['login'], 'MALFORMED', 'This is neither a username nor an email address.'));
      const tooMany = await limits.askReset(login, address);
      if (tooMany !== null) return refused(tooMany);
      await mails.append({ kind: 'reset-password', login });
      return { type: 'done', linkLifetimeMinutes: LINK_MINUTES['reset-password'] };
    },

    resetPassword: async ({ token, newPassword }, address) => {
      const tooMany = await limits.tryLink(address);
      if (tooMany !== null) return refused(tooMany);
      const hash = hashOf(token);
      const whose = hash && (await links.whosePassword(hash));
      if (hash === null || whose === null) return refused(LOST_LINK);
      const checked = checkPassword(newPassword, knownOf(whose.username, whose.email), 'newPassword');
      if ('error' in checked) return refused(checked.error);
      const reset = await links.resetPassword(hash, await passwords.hash(checked.value));
      if (reset === null) return refused(LOST_LINK);
      await sessions.announce(reset.ended);
      return { type: 'done', username: whose.username };
    },

    requestEmailVerification: async (userId) => {
      const tooMany = await limits.askVerification(userId);
      if (tooMany !== null) return refused(tooMany);
      const account = await accounts.account(userId);
      if (account === null || account.emailVerifiedAt !== null)
        return refused(invalid(null, 'NOT_ALLOWED', 'Your address is verified already.'));
      await mails.append({ kind: 'verify-email', userId });
      return { type: 'done', email: account.email };
    },

    verifyEmail: async (token, address) => {
      const tooMany = await limits.tryLink(address);
      if (tooMany !== null) return refused(tooMany);
      const hash = hashOf(token);
      const verified = hash && (await links.verifyEmail(hash));
      if (verified === null) return refused(LOST_LINK);
      if (verified.isTaken)
        return refused(invalid(null, 'TAKEN', 'Another account has verified this address meanwhile.'));
      return { type: 'done', email: verified.email };
    },
  };
}
