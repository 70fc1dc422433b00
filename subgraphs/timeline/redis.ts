import {
  attend,
  connectRedis as connect,
  logScript,
  script,
  type RedisConnection as Connection,
  type RedisConnectionOptions,
} from '../../platform/live-log/redis.ts';

const own = (name: string) => `${import.meta.dirname}/scripts/${name}.lua`;

const SCRIPTS = {
  attend,
  look: logScript(own('list'), own('look')),
  deliver: logScript(own('list'), own('deliver')),
  beginBuilding: script(own('list'), own('begin-building')),
  finishBuilding: script(own('list'), own('finish-building')),
  planReceipt: script(own('plan-receipt')),
  countReceipt: script(own('count-receipt')),
  seeReceipt: script(own('see-receipt')),
};

/** A connection that knows the scripts of home timelines. */
export type RedisConnection = Connection<keyof typeof SCRIPTS>;

export const connectRedis = (url: string, options: RedisConnectionOptions): RedisConnection =>
  connect(url, SCRIPTS, options);
