import type { Logger } from 'pino';
import type { Id } from '../../platform/ids.ts';
import {
  connectForSessions,
  endedSessionsChannel,
  listenForEndedSessions,
  type SessionListener,
} from '../ended-sessions.ts';

/** How every process hears at once that a session has ended. Best effort: Redis may be away, Postgres is the truth. */
export interface EndedSessions extends SessionListener {
  /**
   * Resolves when Redis has told the others, or is away; never rejects. Listeners of this process hear it without
   * Redis, and perhaps twice.
   */
  announce(id: Id): Promise<void>;
}

export function createEndedSessions(url: string, keyPrefix: string, log: Logger): EndedSessions {
  const listeners = new Set<(id: Id) => void>();
  const tell = (id: Id) => listeners.forEach((listener) => listener(id));
  const elsewhere = listenForEndedSessions(url, keyPrefix, log);
  elsewhere.onEnded(tell);
  // A command to a Redis that is away fails at once rather than pile up; what was not heard is found out by asking.
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 1000 };
  const publisher = connectForSessions(url, options, log);

  return {
    announce: async (id) => {
      tell(id);
      await publisher
        .publish(endedSessionsChannel(keyPrefix), id)
        .catch((err: unknown) => log.warn({ err }, 'end of a session not announced'));
    },
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      publisher.disconnect();
      elsewhere.close();
    },
  };
}
