import { invalid, type ValidationRefusal } from '../errors.ts';
import type { Caller } from '../viewer.ts';
import type { NewAccount, Opening } from './account-opening.ts';
import { deviceNameOf } from './device-name.ts';
import type { WithNewIds } from '../../platform/new-ids.ts';
import { checkPassword, passwordText } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { newSecret, type Session } from './session.ts';
import { newSession, type Device, type Sessions } from './sessions.ts';
import {
  checkDeviceName,
  checkDisplayName,
  checkEmail,
  checkUsername,
  claimOf,
  namesLike,
  type Checked,
} from './user.ts';
import type { UserStore } from './user-store.ts';

/** The two ways in: each ends with a session and the secret for its cookie, or says why not. */
export interface SigningIn {
  signUp(input: SignUpInput, caller: Caller): Promise<Entry<SignUpRefusal>>;
  signIn(input: SignInInput, caller: Caller): Promise<Entry<SignInRefusal>>;
}

type Entry<Refusal> =
  { type: 'in'; session: Session; secret: string } | { type: 'refused'; errors: Refusal[] };

type SignUpRefusal = ValidationRefusal | UsernameTaken;
type SignInRefusal = ValidationRefusal | WrongCredentials;

export interface UsernameTaken {
  __typename: 'UsernameTakenError';
  code: 'CONFLICT';
  message: string;
  field: string[];
  suggestions: string[];
}

export interface WrongCredentials {
  __typename: 'WrongCredentialsError';
  code: 'UNAUTHENTICATED';
  message: string;
  field: null;
}

interface SignUpInput {
  username: string;
  displayName?: string | null;
  email: string;
  password: string;
  deviceName?: string | null;
}

interface SignInInput {
  login: string;
  password: string;
  deviceName?: string | null;
}

interface SigningInParts {
  openAccount: (account: NewAccount) => Promise<Opening>;
  users: UserStore;
  sessions: Sessions;
  passwords: PasswordHasher;
  withNewIds: WithNewIds;
  /** Called when an event was left in the outbox. */
  wake: () => void;
}

const SUGGESTIONS = 3;

export function createSigningIn(parts: SigningInParts): SigningIn {
  const { openAccount, users, sessions, passwords, withNewIds, wake } = parts;

  const usernameTaken = async (username: string): Promise<UsernameTaken> => {
    const candidates = namesLike(username);
    const free = new Set(await users.freeAmong(candidates.map((name) => name.toLowerCase())));
    return {
      __typename: 'UsernameTakenError',
      code: 'CONFLICT',
      message: 'Somebody else has this username.',
      field: ['username'],
      suggestions: candidates.filter((name) => free.has(name.toLowerCase())).slice(0, SUGGESTIONS),
    };
  };

  return {
    signUp: async (input, caller) => {
      const draft = composeAccount(input);
      if (draft.type === 'refused') return draft;
      const { password, deviceName, ...account } = draft.account;
      const passwordHash = await passwords.hash(password);
      const secret = newSecret();
      const opening = await withNewIds((next) =>
        openAccount({
          ...account,
          passwordHash,
          session: newSession(next(), next(), secret, deviceOf(deviceName, caller)),
        }),
      );
      if (opening.type === 'opened') {
        wake();
        return { type: 'in', session: opening.session, secret };
      }
      const error = opening.field === 'email' ? emailTaken() : await usernameTaken(account.username);
      return { type: 'refused', errors: [error] };
    },

    signIn: async (input, caller) => {
      const deviceName = checkDeviceName(input.deviceName);
      if ('error' in deviceName) return { type: 'refused', errors: [deviceName.error] };
      // Whatever is wrong, the work is the same: one look and one hash.
      const login = loginOf(input.login);
      const known = login === null ? null : await users.passwordOf(login);
      const password = passwordText(input.password);
      const matches = await passwords.verify(known?.passwordHash ?? null, password ?? '');
      if (known === null || password === null || !matches) {
        return { type: 'refused', errors: [WRONG_CREDENTIALS] };
      }
      const begun = await sessions.begin(known.userId, deviceOf(deviceName.value, caller));
      return { type: 'in', ...begun };
    },
  };
}

const WRONG_CREDENTIALS: WrongCredentials = {
  __typename: 'WrongCredentialsError',
  code: 'UNAUTHENTICATED',
  message: "Name and password don't match.",
  field: null,
};

/** Tells that the address is known, until there is mail to tell it instead: docs/decisions/0006-accounts.md. */
const emailTaken = () =>
  invalid(['email'], 'TAKEN', 'There is an account with this address. Sign in instead.');

/** A login as its claim is written; null when no account can have it. */
function loginOf(login: string): string | null {
  if (!/^[^@]+@/.test(login.trim())) return claimOf(login);
  const email = checkEmail(login);
  return 'value' in email ? email.value.toLowerCase() : null;
}

/** All that is wrong with a sign-up at once, in the order of its fields. */
function composeAccount(input: SignUpInput) {
  const known = [input.username.trim(), input.email.trim(), ...input.email.trim().split('@', 1)];
  const checked = {
    username: checkUsername(input.username),
    displayName:
      typeof input.displayName === 'string'
        ? checkDisplayName(input.displayName)
        : { value: input.username.trim() },
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
