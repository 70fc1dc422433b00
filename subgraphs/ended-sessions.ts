import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { isId, type Id } from '../platform/ids.ts';
import { PatientRedis } from '../platform/patient-redis.ts';

/** Where the user subgraph's processes tell, and every process that holds something open for a session listens. */
export const endedSessionsChannel = (keyPrefix: string): string => `${keyPrefix}sessions:ended`;

/** Hears at once that a session has ended, wherever. Best effort: Redis may be away, Postgres is the truth. */
export interface SessionListener {
  /** Returns how to stop listening. */
  onEnded(listener: (id: Id) => void): () => void;
  close(): void;
}

export function listenForEndedSessions(url: string, keyPrefix: string, log: Logger): SessionListener {
  const listeners = new Set<(id: Id) => void>();
  const redis = connectForSessions(url, { maxRetriesPerRequest: null }, log);
  redis.on('message', (_, text: string) => {
    if (isId(text)) listeners.forEach((listener) => listener(text));
  });
  // Waits for the connection; ioredis subscribes again by itself after each further one.
  redis
    .subscribe(endedSessionsChannel(keyPrefix))
    .catch((err: unknown) => log.debug({ err }, 'not subscribed to ended sessions'));
  return {
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => redis.disconnect(),
  };
}

/** A connection that says once per outage that Redis is away, though ioredis tries again every other second. */
export function connectForSessions(
  url: string,
  options: Pick<Redis['options'], 'enableOfflineQueue' | 'maxRetriesPerRequest' | 'commandTimeout'>,
  log: Logger,
): Redis {
  // While Redis is away, ioredis holds the process for so long after `disconnect`; its default is two seconds.
  const redis = new PatientRedis(url, { ...options, disconnectTimeout: 100 });
  let isAway = false;
  redis.on('error', (err) => {
    if (!isAway) log.warn({ err }, 'redis is out of reach');
    isAway = true;
  });
  redis.on('ready', () => (isAway = false));
  return redis;
}
