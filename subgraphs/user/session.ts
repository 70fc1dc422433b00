import { createHash, randomBytes } from 'node:crypto';
import type { Id } from '../../platform/ids.ts';
import { sessionCookieName } from '../session.ts';

/** One sign-in on one device. Its secret is known to that device alone; here there is only its hash. */
export interface Session {
  id: Id;
  userId: Id;
  deviceName: string;
  ipAddress: string;
  signedInAt: Date;
  lastUsedAt: Date;
  /** Moves on with each use. */
  expiresAt: Date;
}

/** What a device keeps of its session and shows again; not seen here twice. */
export interface SessionSecrets {
  cookie: string;
  /** Null for a browser, which has no use for it. */
  refreshToken: string | null;
}

/** A session that is about to begin, and the hashes that it will be found by. */
export interface NewSession {
  id: Id;
  userId: Id;
  secretHash: Buffer;
  refreshTokenHash: Buffer | null;
  deviceName: string;
  ipAddress: string;
}

/** A session unused for so long has ended, and so has a refresh token. */
export const SESSION_DAYS = 30;

/** Of one account; a new one beyond that ends the longest unused. */
export const MAX_SESSIONS = 50;

/** 256 random bits: too many to guess, so that one round of sha256 is enough to store them by. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const newSecrets = ({ wantsToken }: { wantsToken?: boolean | null }): SessionSecrets => ({
  cookie: newSecret(),
  refreshToken: wantsToken === true ? newSecret() : null,
});

/** Null for what cannot be a secret of ours, which then need not be looked for. */
export const hashOf = (secret: string): Buffer | null =>
  /^[\w-]{43}$/.test(secret) ? createHash('sha256').update(secret).digest() : null;

/**
 * Browsers keep no cookie longer than 400 days, and none of ours needs to be younger: which session still stands is
 * decided here, with each use, and the cookie need only outlive that without being set again.
 */
const COOKIE_MAX_AGE_S = 400 * 24 * 60 * 60;

/** Text of `Set-Cookie`. @param secret null takes the cookie away. @param secure whether `PUBLIC_URL` is https. */
export const sessionCookie = (secret: string | null, secure: boolean): string =>
  [
    `${sessionCookieName(secure)}=${secret ?? ''}`,
    'Path=/',
    `Max-Age=${secret === null ? 0 : COOKIE_MAX_AGE_S}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ');
