import type { Caller, Viewer } from '../viewer.ts';
import type { Loaders } from './loaders.ts';
import type { Sessions } from './sessions.ts';
import type { SigningIn } from './signing-in.ts';
import type { UserStore } from './user-store.ts';

/** What the resolvers of one request share. */
export interface Context {
  caller: Caller;
  /** Who is signed in by now: mutations run in the order written, and those after a sign-in see whom it let in. */
  viewer: Viewer | null;
  users: UserStore;
  sessions: Sessions;
  signingIn: SigningIn;
  loaders: Loaders;
  /** Of the web client, without a slash at its end. */
  publicUrl: string;
  /** Gives the browser its cookie; null takes it away. */
  setSessionCookie(secret: string | null): void;
}
