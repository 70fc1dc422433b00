import {
  attend,
  connectRedis as connect,
  logScript,
  type RedisConnection as Connection,
  type RedisConnectionOptions,
} from '../../platform/live-log/redis.ts';

const own = (name: string) => `${import.meta.dirname}/scripts/${name}.lua`;

const SCRIPTS = { attend, change: logScript(own('change')), tell: logScript(own('tell')) };

/** A connection that knows the scripts of the live log of tweets. */
export type RedisConnection = Connection<keyof typeof SCRIPTS>;

export const connectRedis = (url: string, options: RedisConnectionOptions): RedisConnection =>
  connect(url, SCRIPTS, options);
