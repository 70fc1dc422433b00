import type { WithNewIds } from '../../platform/new-ids.ts';
import type { RateLimitedRefusal, ValidationRefusal } from '../errors.ts';
import type { Caller } from '../viewer.ts';
import type { NewAccount } from './account-opening.ts';
import type { AccountStore } from './account-store.ts';
import type { Checked } from './checked.ts';
import { deviceNameOf } from './device-name.ts';
import type { Limits } from './limits.ts';
import { checkPassword, knownOf } from './password.ts';
import { WRONG_LOGIN, type PasswordCheck, type PasswordRefusal } from './password-check.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { newSecrets, type Session, type SessionSecrets } from './session.ts';
import { newSession, type Device, type Sessions } from './sessions.ts';
import { checkDeviceName, checkDisplayName, checkEmail } from './user.ts';
import { checkUsername, writtenName } from './username.ts';
import type { UsernameRefusal, Usernames } from './usernames.ts';

/** The two ways in: each ends with a session and what its device keeps of it, or says why not. */
export interface SigningIn {
  signUp(input: SignUpInput, caller: Caller): Promise<Entry<UsernameRefusal | RateLimitedRefusal>>;
  signIn(
    input: SignInInput,
    caller: Caller,
  ): Promise<Entry<ValidationRefusal | PasswordRefusal, { wasReactivated: boolean }>>;
}

type Entry<Refusal, More = object> =
  ({ type: 'in'; session: Session; secrets: SessionSecrets } & More) | { type: 'refused'; errors: Refusal[] };

interface SignUpInput {
  username: string;
  displayName?: string | null;
  email: string;
  password: string;
  deviceName?: string | null;
  wantsToken?: boolean | null;
}

interface SignInInput {
  login: string;
  password: string;
  deviceName?: string | null;
  wantsToken?: boolean | null;
}

interface SigningInParts {
  openAccount: (account: NewAccount) => Promise<Session | null>;
  accounts: AccountStore;
  usernames: Usernames;
  sessions: Sessions;
  check: PasswordCheck;
  passwords: PasswordHasher;
  limits: Limits;
  withNewIds: WithNewIds;
  /** Called when an event was left in the outbox. */
  wake: () => void;
}

export function createSigningIn(parts: SigningInParts): SigningIn {
  const { openAccount, accounts, usernames, sessions, check, passwords, limits, withNewIds, wake } = parts;

  return {
    signUp: async (input, caller) => {
      const draft = composeAccount(input);
      if (draft.type === 'refused') return draft;
      const { password, deviceName, ...account } = draft.account;
      const refused =
        (await usernames.refusal(account.username, null)) ?? (await limits.signUp(caller.address));
      if (refused !== null) return { type: 'refused', errors: [refused] };
      const passwordHash = await passwords.hash(password);
      const secrets = newSecrets(input);
      const session = await withNewIds((next) =>
        openAccount({
          ...account,
          passwordHash,
          session: newSession(next(), next(), secrets, deviceOf(deviceName, caller)),
        }),
      );
      if (session === null)
        return { type: 'refused', errors: [await usernames.lost(account.username, null)] };
      wake();
      return { type: 'in', session, secrets };
    },

    signIn: async (input, caller) => {
      const deviceName = checkDeviceName(input.deviceName);
      if ('error' in deviceName) return { type: 'refused', errors: [deviceName.error] };
      const outcome = await check.ofLogin(input.login, input.password, caller.address);
      if (outcome.type === 'refused') return { type: 'refused', errors: [outcome.error] };
      const { userId, deactivatedAt } = outcome.credentials;
      const wasReactivated = deactivatedAt !== null && (await accounts.bringBack(userId));
      if (wasReactivated) wake();
      const secrets = newSecrets(input);
      const device = deviceOf(deviceName.value, caller);
      const session = await sessions.begin(outcome.credentials, secrets, device);
      if (session === null) return { type: 'refused', errors: [WRONG_LOGIN] };
      return { type: 'in', session, secrets, wasReactivated };
    },
  };
}

/** All that is wrong with a sign-up at once, in the order of its fields. */
function composeAccount(input: SignUpInput) {
  const known = knownOf(writtenName(input.username), input.email.trim());
  const checked = {
    username: checkUsername(input.username),
    displayName:
      typeof input.displayName === 'string'
        ? checkDisplayName(input.displayName)
        : { value: writtenName(input.username) },
    email: checkEmail(input.email),
    password: checkPassword(input.password, known),
    deviceName: checkDeviceName(input.deviceName),
  };
  const { username, displayName, email, password, deviceName } = checked;
  if (
    'error' in username ||
    'error' in displayName ||
    'error' in email ||
    'error' in password ||
    'error' in deviceName
  ) {
    const errors = Object.values<Checked<unknown>>(checked).flatMap((each) =>
      'error' in each ? [each.error] : [],
    );
    return { type: 'refused' as const, errors };
  }
  return {
    type: 'account' as const,
    account: {
      username: username.value,
      displayName: displayName.value,
      email: email.value,
      password: password.value,
      deviceName: deviceName.value,
    },
  };
}

const deviceOf = (name: string | null, { address, userAgent }: Caller): Device => ({
  name: name ?? deviceNameOf(userAgent),
  address,
});
