import type { Id } from '../../platform/ids.ts';
import { invalid, type RateLimitedRefusal, type ValidationRefusal } from '../errors.ts';
import type { Viewer } from '../viewer.ts';
import type { AccountStore } from './account-store.ts';
import type { Limits } from './limits.ts';
import { checkPassword, knownOf } from './password.ts';
import { wrongPassword, type PasswordCheck, type PasswordRefusal } from './password-check.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { Sessions } from './sessions.ts';
import { checkEmail } from './user.ts';
import { checkUsername, claimOf } from './username.ts';
import type { ChangedName, UsernameStore } from './username-store.ts';
import type { UsernameRefusal, Usernames } from './usernames.ts';

type Refused<Refusal> = { type: 'refused'; errors: Refusal[] };
type Done<Result, Refusal> = ({ type: 'done' } & Result) | Refused<Refusal>;

/** What the owner of an account does with it. Whatever ends sessions ends their requests and streams at once. */
export interface AccountChanges {
  changePassword(
    who: Viewer,
    input: { currentPassword: string; newPassword: string },
    address: string,
  ): Promise<Done<{ ended: Id[] }, ValidationRefusal | PasswordRefusal>>;
  changeEmail(
    who: Viewer,
    input: { email: string; password: string },
    address: string,
  ): Promise<Done<object, ValidationRefusal | PasswordRefusal>>;
  changeUsername(
    who: Viewer,
    username: string,
  ): Promise<Done<ChangedName, UsernameRefusal | RateLimitedRefusal>>;
  setProtection(who: Viewer, isProtected: boolean): Promise<Done<object, RateLimitedRefusal>>;
  deactivate(who: Viewer, password: string, address: string): Promise<Done<{ until: Date }, PasswordRefusal>>;
  delete(
    who: Viewer,
    input: { password: string; confirmUsername: string },
    address: string,
  ): Promise<Done<{ nameHeldUntil: Date }, ValidationRefusal | PasswordRefusal>>;
}

export interface AccountChangesParts {
  accounts: AccountStore;
  names: UsernameStore;
  usernames: Usernames;
  check: PasswordCheck;
  passwords: PasswordHasher;
  sessions: Sessions;
  limits: Limits;
  /** Called when an event was left in the outbox. */
  wake: () => void;
}

const refused = <Refusal>(...errors: Refusal[]): Refused<Refusal> => ({ type: 'refused', errors });

export function createAccountChanges(parts: AccountChangesParts): AccountChanges {
  const { accounts, names, usernames, check, passwords, sessions, limits, wake } = parts;

  return {
    changePassword: async ({ userId, sessionId }, { currentPassword, newPassword }, address) => {
      const outcome = await check.ofUser(userId, currentPassword, address, 'currentPassword');
      if (outcome.type === 'refused') return refused(outcome.error);
      const { username, email, passwordHash } = outcome.credentials;
      const checked = checkPassword(newPassword, knownOf(username, email), 'newPassword');
      if ('error' in checked) return refused(checked.error);
      const newHash = await passwords.hash(checked.value);
      const ended = await accounts.changePassword({ userId, passwordHash }, newHash, sessionId);
      if (ended === null) return refused(wrongPassword('currentPassword'));
      await sessions.announce(ended);
      return { type: 'done', ended };
    },

    changeEmail: async ({ userId }, { email, password }, address) => {
      const checked = checkEmail(email);
      if ('error' in checked) return refused(checked.error);
      const outcome = await check.ofUser(userId, password, address, 'password');
      if (outcome.type === 'refused') return refused(outcome.error);
      const tooMany = await limits.changeEmail(userId);
      if (tooMany !== null) return refused(tooMany);
      const changed = await accounts.changeEmail(outcome.credentials, checked.value);
      return changed ? { type: 'done' } : refused(wrongPassword('password'));
    },

    changeUsername: async ({ userId }, typed) => {
      const checked = checkUsername(typed);
      if ('error' in checked) return refused(checked.error);
      const refusal = await usernames.refusal(checked.value, userId);
      if (refusal !== null) return refused(refusal);
      const tooMany = await limits.changeUsername(userId);
      if (tooMany !== null) return refused(tooMany);
      const changed = await names.change(userId, checked.value);
      if (changed === null) return refused(await usernames.lost(checked.value, userId));
      wake();
      return { type: 'done', ...changed };
    },

    setProtection: async ({ userId }, isProtected) => {
      const tooMany = await limits.changeProtection(userId);
      if (tooMany !== null) return refused(tooMany);
      if (await accounts.setProtection(userId, isProtected)) wake();
      return { type: 'done' };
    },

    deactivate: async ({ userId }, password, address) => {
      const outcome = await check.ofUser(userId, password, address, 'password');
      if (outcome.type === 'refused') return refused(outcome.error);
      const tooMany = await limits.deactivate(userId);
      if (tooMany !== null) return refused(tooMany);
      const hidden = await accounts.deactivate(outcome.credentials);
      if (hidden === null) return refused(wrongPassword('password'));
      wake();
      await sessions.announce(hidden.ended);
      return { type: 'done', until: hidden.until };
    },

    delete: async ({ userId }, { password, confirmUsername }, address) => {
      const outcome = await check.ofUser(userId, password, address, 'password');
      if (outcome.type === 'refused') return refused(outcome.error);
      if (claimOf(confirmUsername) !== outcome.credentials.username.toLowerCase())
        return refused(invalid(['confirmUsername'], 'MALFORMED', 'Type the username of this account.'));
      const deleted = await accounts.delete(outcome.credentials);
      if (deleted === null) return refused(wrongPassword('password'));
      wake();
      await sessions.announce(deleted.ended);
      return { type: 'done', nameHeldUntil: deleted.nameHeldUntil };
    },
  };
}
