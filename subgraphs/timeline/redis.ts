import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { OutOfReach } from '../../platform/messaging/out-of-reach.ts';

type Reply = Promise<unknown>;
type Arguments = readonly (string | number)[];

/** A connection that knows the scripts. All of them run whole or not at all. */
export interface RedisScripts {
  look(keys: readonly string[], values: Arguments): Reply;
  attend(keys: readonly string[], values: Arguments): Reply;
  deliver(keys: readonly string[], values: Arguments): Reply;
  beginBuilding(keys: readonly string[], values: Arguments): Reply;
  finishBuilding(keys: readonly string[], values: Arguments): Reply;
}

/** Those that touch a live log are told under which name to begin an epoch, should they have to. */
const SCRIPTS = {
  look: { file: 'look', parts: ['run', 'log', 'list'], log: true },
  attend: { file: 'attend', parts: ['run', 'log'], log: true },
  deliver: { file: 'deliver', parts: ['run', 'log', 'list'], log: true },
  beginBuilding: { file: 'begin-building', parts: ['run', 'list'], log: false },
  finishBuilding: { file: 'finish-building', parts: ['run', 'list'], log: false },
} satisfies Record<keyof RedisScripts, { file: string; parts: string[]; log: boolean }>;

export interface RedisConnection extends RedisScripts {
  readonly client: Redis;
  close(): void;
}

const RECONNECT_STEP_MS = 50;
const LONGEST_RECONNECT_MS = 1000;

/**
 * A connection that fails commands at once while Redis is away, and those without an answer after `timeoutMs`. It
 * reconnects by itself. No command is sent twice: one that was meant for Redis's last life must not reach the next.
 */
export function connectRedis(
  url: string,
  { name, timeoutMs, log }: { name: string; timeoutMs: number; log: Logger },
): RedisConnection {
  const options: RedisOptions = {
    connectionName: name,
    commandTimeout: timeoutMs,
    connectTimeout: 2000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * RECONNECT_STEP_MS, LONGEST_RECONNECT_MS),
  };
  const client = new Redis(url, options);
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
  return { ...createScripts(client, runOf), client, close: () => client.disconnect() };
}

type Defined = Record<keyof RedisScripts, (keyCount: number, ...rest: (string | number)[]) => Reply>;

function createScripts(client: Redis, runOf: () => string): RedisScripts {
  const read = (file: string) => readFileSync(`${import.meta.dirname}/scripts/${file}.lua`, 'utf8');
  const script = (name: keyof RedisScripts) => {
    const { file, parts, log } = SCRIPTS[name];
    client.defineCommand(name, { lua: [...parts, file].map(read).join('') });
    return async (keys: readonly string[], values: Arguments) => {
      const own = log ? [runOf(), newEpoch()] : [runOf()];
      return (client as unknown as Defined)[name](keys.length, ...keys, ...own, ...values);
    };
  };
  return {
    look: script('look'),
    attend: script('attend'),
    deliver: script('deliver'),
    beginBuilding: script('beginBuilding'),
    finishBuilding: script('finishBuilding'),
  };
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
