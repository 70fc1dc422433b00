import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { isId, type Id } from '../../platform/ids.ts';

/** How every process hears at once that a session has ended. Best effort: Redis may be away, Postgres is the truth. */
export interface EndedSessions {
  /** Never throws and waits for nothing. Listeners of this process hear it without Redis, and perhaps twice. */
  announce(id: Id): void;
  /** Returns how to stop listening. */
  onEnded(listener: (id: Id) => void): () => void;
  close(): void;
}

export function createEndedSessions(url: string, keyPrefix: string, log: Logger): EndedSessions {
  const channel = `${keyPrefix}sessions:ended`;
  const listeners = new Set<(id: Id) => void>();
  const tell = (id: Id) => listeners.forEach((listener) => listener(id));
  // A command to a Redis that is away fails at once rather than pile up; what was not heard is found out by asking.
  const publisher = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1000,
    ...LEAVING,
  });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null, ...LEAVING });
  for (const redis of [publisher, subscriber]) reportOutages(redis, log);

  subscriber.on('message', (_, text: string) => {
    if (isId(text)) tell(text);
  });
  // Waits for the connection; ioredis subscribes again by itself after each further one.
  subscriber
    .subscribe(channel)
    .catch((err: unknown) => log.debug({ err }, 'not subscribed to ended sessions'));

  return {
    announce: (id) => {
      tell(id);
      publisher
        .publish(channel, id)
        .catch((err: unknown) => log.warn({ err }, 'end of a session not announced'));
    },
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

/** While Redis is away, ioredis holds the process for so long after `disconnect`; its default is two seconds. */
const LEAVING = { disconnectTimeout: 100 };

/** One line per outage, though ioredis tries again every other second. */
function reportOutages(redis: Redis, log: Logger): void {
  let isAway = false;
  redis.on('error', (err) => {
    if (!isAway) log.warn({ err }, 'redis is out of reach');
    isAway = true;
  });
  redis.on('ready', () => (isAway = false));
}
