import type { Id } from '../../platform/ids.ts';
import type { RateLimitedRefusal } from '../errors.ts';
import { emailClaim, type Credentials } from './account.ts';
import type { AccountStore } from './account-store.ts';
import type { Limits } from './limits.ts';
import { passwordText } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { checkEmail } from './user.ts';
import { claimOf } from './username.ts';

export interface WrongCredentials {
  __typename: 'WrongCredentialsError';
  code: 'UNAUTHENTICATED';
  message: string;
  field: string[] | null;
}

export type PasswordRefusal = WrongCredentials | RateLimitedRefusal;

type Outcome = { type: 'right'; credentials: Credentials } | { type: 'refused'; error: PasswordRefusal };

/** Tells whether a password is somebody's, and tells strangers nothing else: not by words, not by time. */
export interface PasswordCheck {
  /** Of whoever `login` leads to, as it was typed. */
  ofLogin(login: string, password: string, address: string): Promise<Outcome>;
  /** Of somebody signed in, asked again. @param field of the input that has it. */
  ofUser(userId: Id, password: string, address: string, field: string): Promise<Outcome>;
}

interface PasswordCheckParts {
  accounts: AccountStore;
  passwords: PasswordHasher;
  limits: Limits;
}

export function createPasswordCheck({ accounts, passwords, limits }: PasswordCheckParts): PasswordCheck {
  const check = async (
    known: Credentials | null,
    login: string,
    typed: string,
    address: string,
    wrong: WrongCredentials,
  ): Promise<Outcome> => {
    const isTrusted = known?.isTrusted ?? false;
    const { refused, right } = await limits.tryPassword({ login, address, isTrusted });
    if (refused !== null) return { type: 'refused', error: refused };
    // Whatever is wrong, the work is the same: one look and one hash.
    const password = passwordText(typed);
    const matches = await passwords.verify(known?.passwordHash ?? null, password ?? '');
    if (known === null || password === null || !matches) return { type: 'refused', error: wrong };
    await right();
    return { type: 'right', credentials: known };
  };

  return {
    ofLogin: async (typed, password, address) => {
      const login = loginOf(typed);
      const known = login === null ? null : await accounts.byLogin(login, address);
      return await check(known, login ?? 'no login', password, address, WRONG_LOGIN);
    },
    ofUser: async (userId, password, address, field) => {
      const known = await accounts.byId(userId, address);
      return await check(known, `user ${userId}`, password, address, wrongPassword(field));
    },
  };
}

export const WRONG_LOGIN: WrongCredentials = {
  __typename: 'WrongCredentialsError',
  code: 'UNAUTHENTICATED',
  message: "Name and password don't match. An address signs in once it is verified.",
  field: null,
};

export const wrongPassword = (field: string): WrongCredentials => ({
  __typename: 'WrongCredentialsError',
  code: 'UNAUTHENTICATED',
  message: 'This is not your password.',
  field: [field],
});

/** A login as its claim is written; null when no account can have it. */
export function loginOf(login: string): string | null {
  if (!/^[^@]+@/.test(login.trim())) return claimOf(login);
  const email = checkEmail(login);
  return 'value' in email ? emailClaim(email.value) : null;
}
