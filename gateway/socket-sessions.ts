import type { Id } from '../platform/ids.ts';
import { createLog } from '../platform/process/log.ts';
import type { LiveSession, SessionSource } from '../subgraphs/session.ts';

interface Closable {
  close(code: number, reason: string): void;
  once(event: 'close', listener: () => void): unknown;
}

/** A stream lives no longer than the session that opened it, nor than the access token that did. */
export interface SocketSessions {
  /** Closes the socket with 4401 when the session ends, and when what it was found by is over: its `expiresAt`. */
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
  /** Until when each socket of a session may be open. */
  const open = new Map<Id, Map<Closable, Date>>();

  function end(sessionId: Id): void {
    for (const socket of open.get(sessionId)?.keys() ?? [])
      socket.close(SESSION_ENDED, 'The session has ended');
  }

  /** One after another: thousands at once would be felt by those who sign in. */
  async function check(): Promise<void> {
    for (const [sessionId, sockets] of open) {
      if (!(await stands(sessionId))) end(sessionId);
      for (const [socket, expiresAt] of sockets)
        if (expiresAt.getTime() <= Date.now()) socket.close(SESSION_ENDED, 'The access token is over');
    }
  }

  async function stands(sessionId: Id): Promise<boolean> {
    try {
      return source === null || (await source.stands(sessionId));
    } catch (err) {
      log.warn({ err }, 'sessions out of reach');
      // Nobody can tell.
      return true;
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
    add: ({ id, expiresAt }, socket) => {
      const sockets = open.get(id) ?? new Map<Closable, Date>();
      open.set(id, sockets.set(socket, expiresAt));
      socket.once('close', () => {
        sockets.delete(socket);
        if (sockets.size === 0) open.delete(id);
      });
    },
    close: () => {
      clearInterval(timer);
      stopListening?.();
    },
  };
}
