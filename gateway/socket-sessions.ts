import type { Id } from '../platform/ids.ts';
import { createLog } from '../platform/process/log.ts';
import type { LiveSession, SessionSource } from '../subgraphs/session.ts';

interface Closable {
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** A stream lives no longer than the session that opened it. */
export interface SocketSessions {
  /** Closes the socket with 4401 when the session ends. */
  add(session: LiveSession, socket: Closable): void;
  close(): void;
}

/** What we did not hear of, an expiry for one, is found this much later at most. */
const CHECK_MS = 10_000;

/** Its clients do not try again by themselves, since what they have is of no use any more. */
const SESSION_ENDED = 4401;

const log = createLog('gateway');

export function createSocketSessions(
  source: SessionSource | null,
  { checkMs = CHECK_MS }: { checkMs?: number } = {},
): SocketSessions {
  const open = new Map<Id, { session: LiveSession; sockets: Set<Closable> }>();

  function end(sessionId: Id): void {
    for (const socket of open.get(sessionId)?.sockets ?? [])
      socket.close(SESSION_ENDED, 'The session has ended');
  }

  /** One after another: thousands at once would be felt by those who sign in. */
  async function check(): Promise<void> {
    for (const { session } of open.values()) {
      if (!(await stands(session))) end(session.id);
    }
  }

  async function stands(session: LiveSession): Promise<boolean> {
    try {
      return source === null || (await source.stands(session.id));
    } catch (err) {
      log.warn({ err }, 'sessions out of reach');
      // Nobody can tell. It slides while it is used, so it may live on after this; but nobody vouches for it.
      return session.expiresAt.getTime() > Date.now();
    }
  }

  const stopListening = source?.onEnded(end);
  let checking = false;
  const timer = setInterval(() => {
    if (checking) return;
    checking = true;
    void check().finally(() => {
      checking = false;
    });
  }, checkMs);
  timer.unref();

  return {
    add: (session, socket) => {
      const entry = open.get(session.id) ?? { session, sockets: new Set() };
      open.set(session.id, entry);
      entry.sockets.add(socket);
      socket.once('close', () => {
        entry.sockets.delete(socket);
        if (entry.sockets.size === 0) open.delete(session.id);
      });
    },
    close: () => {
      clearInterval(timer);
      stopListening?.();
    },
  };
}
