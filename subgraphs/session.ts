import type { Id } from '../platform/ids.ts';

/** What a client shows to say who it is: the cookie of a browser, or the bearer token of a program. */
export interface Credential {
  kind: 'cookie' | 'bearer';
  secret: string;
}

/** One sign-in that stands. */
export interface LiveSession {
  id: Id;
  userId: Id;
  expiresAt: Date;
}

/** Where the gateway asks who a client is. The user subgraph is it, in process or over HTTP. */
export interface SessionSource {
  /**
   * The session of a credential and, as a side effect, its sliding expiry. Null when it is unknown, ended or too old.
   * Rejects when nobody can tell: then nothing is decided, and the request fails as `UNAVAILABLE`.
   */
  find(credential: Credential, use: { address: string }): Promise<LiveSession | null>;
  /** Whether a session that was live still is: what holds a stream open. */
  stands(sessionId: Id): Promise<boolean>;
  /** Calls for each session that ends, soon after, best effort: `stands` is the truth. Returns how to stop listening. */
  onEnded(listener: (sessionId: Id) => void): () => void;
}

/** Name of the session cookie. `__Host-` binds it to the host, which browsers accept over https alone. */
export const sessionCookieName = (secure: boolean): string =>
  secure ? '__Host-roost_session' : 'roost_session';
