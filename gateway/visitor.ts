import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Addresses } from '../platform/process/addresses.ts';
import { createLog } from '../platform/process/log.ts';
import {
  sessionCookieName,
  type Credential,
  type LiveSession,
  type SessionSource,
} from '../subgraphs/session.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import { clientAddressBy } from './client-address.ts';
import { withStatus } from './errors.ts';
import type { RecentWriters } from './recent-writers.ts';
import { cachedSessions } from './session-cache.ts';
import { outOfReach } from './source.ts';

/** Who is at the other end of a request or a socket. */
export interface Visitor {
  /** Null when signed out. */
  session: LiveSession | null;
  address: string;
  userAgent: string | null;
  /** A `Set-Cookie` that takes away a cookie whose session has ended; null when there is none. */
  clearCookie: string | null;
}

export interface Visitors {
  address(request: IncomingMessage): string;
  /**
   * Rejects with `UNAUTHENTICATED` for a bearer token that is not good: its program can get another one. A cookie that
   * is not good counts as none, or a browser would be locked out of signing in. Rejects with `UNAVAILABLE` when nobody
   * can tell.
   * @param authorization in the form of the header, which it stands in for on a socket.
   */
  of(request: IncomingMessage, authorization?: string): Promise<Visitor>;
  callerOf(visitor: Visitor): Caller;
  close(): void;
}

const log = createLog('gateway');

export function createVisitors({
  sessions,
  recentWriters,
  addresses: { trustedProxies, webAddressKey, secureCookies },
}: {
  /** Null where nobody signs in: credentials are then not looked at. */
  sessions: SessionSource | null;
  recentWriters: RecentWriters;
  addresses: Pick<Addresses, 'trustedProxies' | 'webAddressKey' | 'secureCookies'>;
}): Visitors {
  const address = clientAddressBy(trustedProxies, webAddressKey);
  const cookieName = sessionCookieName(secureCookies);
  const cached = sessions === null ? null : cachedSessions(sessions);
  const clearCookie = `${cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secureCookies ? '; Secure' : ''}`;

  return {
    address,
    of: async (request, authorization = request.headers.authorization) => {
      const visitor = {
        session: null,
        address: address(request),
        userAgent: request.headers['user-agent'] ?? null,
        clearCookie: null,
      };
      const credential = bearerIn(authorization) ?? cookieIn(request.headers.cookie, cookieName);
      if (cached === null || credential === null) return visitor;
      const session = await cached.find(credential, { address: visitor.address }).catch((err: unknown) => {
        log.warn({ err }, 'sessions out of reach');
        throw withStatus(outOfReach(), 503);
      });
      if (session === null && credential.kind === 'bearer') throw withStatus(badToken(), 401);
      return { ...visitor, session, clearCookie: session === null ? clearCookie : null };
    },
    callerOf: ({ session, address: from, userAgent }) => ({
      viewer: session && { userId: session.userId, sessionId: session.id },
      address: from,
      userAgent,
      readsOwnWrites: session !== null && recentWriters.has(session.id),
    }),
    close: () => cached?.close(),
  };
}

const bearerIn = (authorization: string | undefined): Credential | null => {
  const [, secret] = /^bearer +(.+)$/i.exec(authorization ?? '') ?? [];
  return secret === undefined ? null : { kind: 'bearer', secret };
};

function cookieIn(header: string | undefined, name: string): Credential | null {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.trim().split('=');
    if (key === name && value.length > 0) return { kind: 'cookie', secret: value.join('=') };
  }
  return null;
}

const badToken = () =>
  new GraphQLError('This token is unknown, expired or revoked.', { extensions: { code: 'UNAUTHENTICATED' } });
