import type { Caller, Viewer } from '../viewer.ts';
import type { AccountChanges } from './account-changes.ts';
import type { AccountStore } from './account-store.ts';
import type { Limits } from './limits.ts';
import type { Loaders } from './loaders.ts';
import type { Recovery } from './recovery.ts';
import type { Sessions } from './sessions.ts';
import type { SigningIn } from './signing-in.ts';
import type { UserStore } from './user-store.ts';
import type { Usernames } from './usernames.ts';

/** What all requests share. */
export interface Services {
  users: UserStore;
  accounts: AccountStore;
  usernames: Usernames;
  sessions: Sessions;
  signingIn: SigningIn;
  changes: AccountChanges;
  recovery: Recovery;
  limits: Limits;
  /** Of the web client, without a slash at its end. */
  publicUrl: string;
  /** Called when an event was left in the outbox. */
  wake: () => void;
}

/** What the resolvers of one request share. */
export interface Context extends Services {
  caller: Caller;
  /** Who is signed in by now: mutations run in the order written, and those after a sign-in see whom it let in. */
  viewer: Viewer | null;
  loaders: Loaders;
  /** Gives the browser its cookie; null takes it away. */
  setSessionCookie(secret: string | null): void;
}
