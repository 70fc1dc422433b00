import type { Id } from '../../platform/ids.ts';
import type { LiveSession, SessionSource } from '../session.ts';
import type { AccessTokens } from './access-token.ts';
import type { EndedSessions } from './ended-sessions.ts';
import type { WithNewIds } from '../../platform/new-ids.ts';
import { hashOf, newSecret, type NewSession, type Session, type SessionSecrets } from './session.ts';
import type { SessionStore } from './session-store.ts';

/** What a program keeps instead of a cookie. */
export interface SessionTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

export interface Device {
  name: string;
  address: string;
}

/** Sessions from their first secret to their end. */
export interface Sessions extends SessionSource {
  /**
   * Begins one of somebody whose password was compared with this hash; null when it has been changed since, or the
   * account does not stand.
   */
  begin(
    who: { userId: Id; passwordHash: string },
    secrets: SessionSecrets,
    device: Device,
  ): Promise<Session | null>;
  /** With the refresh token that the session began with. */
  tokensOf(session: Session, refreshToken: string): Promise<SessionTokens>;
  /** Trades a refresh token for new tokens; null when it is unknown, used up or too old, which may end its session. */
  refresh(token: string, address: string): Promise<{ session: Session; tokens: SessionTokens } | null>;
  /** Slides one and returns it as it is then. Null when it has ended. */
  use(id: Id, address: string): Promise<Session | null>;
  ofUser(userId: Id): Promise<Session[]>;
  /** False when it was not there, or is not one of `userId`. */
  end(id: Id, userId: Id): Promise<boolean>;
  /** Ends all of an account but one. Resolves with their ids. */
  endOthers(userId: Id, keep: Id): Promise<Id[]>;
  /** Tells every process of sessions that have ended. */
  announce(ids: readonly Id[]): Promise<void>;
}

interface SessionParts {
  store: SessionStore;
  tokens: AccessTokens;
  ended: EndedSessions;
  withNewIds: WithNewIds;
}

export function createSessions({ store, tokens, ended, withNewIds }: SessionParts): Sessions {
  const tokensOf = async (session: Session, refreshToken: string): Promise<SessionTokens> => {
    const { token, expiresAt } = await tokens.issue(session);
    return {
      accessToken: token,
      accessTokenExpiresAt: expiresAt,
      refreshToken,
      refreshTokenExpiresAt: session.expiresAt,
    };
  };

  const announce = async (ids: readonly Id[]) => {
    await Promise.all(ids.map((id) => ended.announce(id)));
  };

  return {
    begin: async ({ userId, passwordHash }, secrets, device) => {
      const inserted = await withNewIds((next) =>
        store.insert(newSession(next(), userId, secrets, device), passwordHash),
      );
      if (inserted === null) return null;
      await announce(inserted.ended);
      return inserted.session;
    },
    tokensOf,
    refresh: async (token, address) => {
      const hash = hashOf(token);
      if (hash === null) return null;
      const next = newSecret();
      const traded = await store.trade(hash, hashed(next), address);
      if (traded.ended !== null) await ended.announce(traded.ended);
      return traded.session && { session: traded.session, tokens: await tokensOf(traded.session, next) };
    },
    use: (id, address) => store.useById(id, address),
    ofUser: (userId) => store.ofUser(userId),
    end: async (id, userId) => {
      const hasEnded = await store.delete(id, userId);
      if (hasEnded) await ended.announce(id);
      return hasEnded;
    },
    endOthers: async (userId, keep) => {
      const ids = await store.deleteOthers(userId, keep);
      await announce(ids);
      return ids;
    },
    announce,

    find: async ({ kind, secret }, { address }) => {
      if (kind === 'cookie') {
        const hash = hashOf(secret);
        return hash && live(await store.useBySecret(hash, address));
      }
      const token = await tokens.read(secret);
      if (token === null) return null;
      const session = live(await store.useById(token.sessionId, address));
      // A stream that was opened by a token ends with it, and is taken up again with the next.
      return session?.userId === token.userId ? { ...session, expiresAt: token.expiresAt } : null;
    },
    stands: (id) => store.stands(id),
    onEnded: (listener) => ended.onEnded(listener),
  };
}

const live = (session: Session | null): LiveSession | null =>
  session && { id: session.id, userId: session.userId, expiresAt: session.expiresAt };

export function newSession(
  id: Id,
  userId: Id,
  { cookie, refreshToken }: SessionSecrets,
  device: Device,
): NewSession {
  return {
    id,
    userId,
    secretHash: hashed(cookie),
    refreshTokenHash: refreshToken === null ? null : hashed(refreshToken),
    deviceName: device.name,
    ipAddress: device.address,
  };
}

function hashed(secret: string): Buffer {
  const hash = hashOf(secret);
  if (hash === null) throw new Error('Not a secret of ours');
  return hash;
}
