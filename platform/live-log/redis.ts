import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis, RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { OutOfReach } from '../messaging/out-of-reach.ts';
import { PatientRedis } from '../patient-redis.ts';

/** Runs whole or not at all. */
export type RunScript = (keys: readonly string[], values: readonly (string | number)[]) => Promise<unknown>;

/** A connection that knows the scripts of these names. */
export type RedisConnection<Name extends string = never> = Record<Name, RunScript> & {
  readonly client: Redis;
  close(): void;
};

export interface RedisScript {
  readonly lua: string;
  /** Whether it is told under which name to begin an epoch, should it have to. */
  readonly touchesLog: boolean;
}

const read = (file: string) => readFileSync(file, 'utf8');
const own = (name: string) => `${import.meta.dirname}/scripts/${name}.lua`;

/** A script of files that follow one another, which knows the run of Redis. */
export const script = (...files: string[]): RedisScript => ({
  lua: [own('run'), ...files].map(read).join(''),
  touchesLog: false,
});

/** One that also knows what `scripts/log.lua` has, and is given the keys of a log before its own. */
export const logScript = (...files: string[]): RedisScript => ({
  lua: [own('run'), own('log'), ...files].map(read).join(''),
  touchesLog: true,
});

/** What whoever reads a live log has to know. */
export const attend = logScript(own('attend'));

export interface RedisConnectionOptions {
  name: string;
  timeoutMs: number;
  /** Whether what is asked in one turn goes out in one write, behind the answer to what went before. */
  inOneWrite?: boolean;
  log: Logger;
}

const RECONNECT_STEP_MS = 50;
const LONGEST_RECONNECT_MS = 1000;

/**
 * A connection that fails commands at once while Redis is away, and those without an answer after `timeoutMs`. It
 * reconnects by itself. No command is sent twice: one that was meant for Redis's last life must not reach the next.
 */
export function connectRedis<Name extends string>(
  url: string,
  scripts: Record<Name, RedisScript>,
  { name, timeoutMs, inOneWrite = false, log }: RedisConnectionOptions,
): RedisConnection<Name> {
  const options: RedisOptions = {
    connectionName: name,
    commandTimeout: timeoutMs,
    connectTimeout: 2000,
    enableAutoPipelining: inOneWrite,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * RECONNECT_STEP_MS, LONGEST_RECONNECT_MS),
  };
  const client = new PatientRedis(url, options);
  // Known to a connection before it runs a script, and of no use to the next one.
  let run: string | undefined;
  let told = false;
  client.on('ready', () => {
    told = false;
    client
      .info('server')
      .then((info) => (run = /run_id:([0-9a-f]{12})/.exec(info)?.[1]))
      .catch((err: unknown) => log.debug({ err, connection: name }, 'redis left before it was asked'));
  });
  client.on('close', () => {
    run = undefined;
  });
  client.on('error', (err) => {
    if (!told) log.warn({ err, connection: name }, 'redis is out of reach');
    told = true;
  });
  const runOf = () => {
    if (run === undefined) throw new RedisOutOfReach();
    return run;
  };
  return { ...defineScripts(client, scripts, runOf), client, close: () => client.disconnect() };
}

type Defined = Record<string, (keyCount: number, ...rest: (string | number)[]) => Promise<unknown>>;

function defineScripts<Name extends string>(
  client: Redis,
  scripts: Record<Name, RedisScript>,
  runOf: () => string,
): Record<Name, RunScript> {
  const defined = Object.entries<RedisScript>(scripts).map(([name, { lua, touchesLog }]) => {
    client.defineCommand(name, { lua });
    const run: RunScript = async (keys, values) => {
      const first = touchesLog ? [runOf(), newEpoch()] : [runOf()];
      return (client as unknown as Defined)[name]?.(keys.length, ...keys, ...first, ...values);
    };
    return [name, run];
  });
  return Object.fromEntries(defined) as Record<Name, RunScript>;
}

/** Digits, because it travels in cursors. */
const newEpoch = (): number => randomInt(1, 2 ** 47);

export class RedisOutOfReach extends OutOfReach {
  constructor() {
    super('Redis is out of reach');
  }
}

/**
 * Runs work until it fails; then refuses it for a second at a time, letting one attempt through to see whether it is
 * well again. So a hung Redis costs one read per second its deadline, and the others nothing.
 */
export function createBreaker(now: () => number = performance.now.bind(performance)) {
  let closedUntil = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (now() < closedUntil) throw new RedisOutOfReach();
    if (closedUntil > 0) closedUntil = now() + BREAK_MS;
    try {
      const result = await work();
      closedUntil = 0;
      return result;
    } catch (err) {
      closedUntil = now() + BREAK_MS;
      throw err;
    }
  };
}

const BREAK_MS = 1000;
