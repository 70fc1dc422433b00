import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EngineName, engineNames, type EngineProgress, EngineUnavailable } from './engine.ts';
import type { KeeperMessage, KeeperOrder, KeptUrls } from './keeper.ts';
import { backoffMs } from './supervisor.ts';

export { type EngineName, type EngineProgress, EngineUnavailable } from './engine.ts';

export interface EngineUrls {
  /** A superuser's, of the database `roost`. */
  databaseUrl: string;
  /** The same database, read only, a moment later; `databaseUrl` itself when that was given without a replica. */
  databaseReplicaUrl: string;
  redisUrl: string;
  /** `host:port`, parted by commas. */
  kafkaBrokers: string;
}

export interface EngineOptions {
  /** Made if missing; one run at a time may use it. */
  dataDir: string;
  /** DATABASE_URL, DATABASE_REPLICA_URL, REDIS_URL and KAFKA_BROKERS win over starting an engine; PATH, JAVA_HOME. */
  env: NodeJS.ProcessEnv;
  /** Called also later, when an engine dies and is restarted. */
  report: (progress: EngineProgress) => void;
  /** Gives up the start: `startEngines` rejects when what it began has ended. Later it means nothing. */
  signal?: AbortSignal;
}

export interface RunningEngines {
  urls: EngineUrls;
  /** Resolves when every engine has ended. To be called last, when nobody uses them any more. */
  stop(): Promise<void>;
}

const keeperFile = fileURLToPath(new URL('keeper.ts', import.meta.url));
/** Beside the data folders of a checkout, since all of them can share what was fetched. */
const cacheDir = fileURLToPath(new URL('../.roost-cache', import.meta.url));

/**
 * Brings up what the environment does not give, side by side, and resolves when each answers a real request. Rejects
 * with EngineUnavailable (a sentence per engine that a person can act on) and leaves nothing running then. Whatever
 * happens to this process, the engines end with it; should only their keeper die, they come back where they were.
 */
export async function startEngines({ dataDir, env, report, signal }: EngineOptions): Promise<RunningEngines> {
  const given = givenUrls(env);
  const missing: EngineName[] = [];
  for (const engine of engineNames) {
    if (given[engine] === undefined) missing.push(engine);
    else report({ engine, state: 'given', elapsedMs: 0 });
  }
  if (missing.length === 0) return { urls: urlsOf(given), stop: async () => {} };

  const run = (ports: 'may-move' | 'same-ports') => runKeeper(resolve(dataDir), missing, ports, env, report);
  let keeper = run('may-move');
  signal?.addEventListener('abort', keeper.stop, { once: true });
  if (signal?.aborted === true) keeper.stop();
  const kept = await keeper.ready.finally(() => signal?.removeEventListener('abort', keeper.stop));
  const stopping = new AbortController();
  const guarded = guard();

  /** Only an end that nobody ordered is answered with a new keeper. */
  async function guard(): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      const code = await keeper.ended;
      if (stopping.signal.aborted || code === 0) return;
      for (const engine of missing)
        report({ engine, state: 'restarting', detail: 'its keeper died', elapsedMs: 0 });
      await delay(backoffMs(failures), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      keeper = run('same-ports');
      keeper.ready.then(
        () => (failures = 0),
        () => undefined,
      );
    }
  }

  return {
    urls: urlsOf({ ...given, ...kept }),
    async stop() {
      stopping.abort();
      keeper.stop();
      await guarded;
    },
  };
}

/** @throws EngineUnavailable for a replica of a database that nobody named */
export function givenUrls(env: NodeJS.ProcessEnv): KeptUrls {
  const value = (name: string) => (env[name] === '' ? undefined : env[name]);
  const postgres = value('DATABASE_URL');
  const replica = value('DATABASE_REPLICA_URL') ?? postgres;
  if (postgres === undefined && replica !== undefined) {
    throw new EngineUnavailable('DATABASE_REPLICA_URL is set without DATABASE_URL: set both, or neither.');
  }
  const all = { postgres, replica, redis: value('REDIS_URL'), kafka: value('KAFKA_BROKERS') };
  return Object.fromEntries(Object.entries(all).filter(([, url]) => url !== undefined));
}

function urlsOf({ postgres = '', replica = '', redis = '', kafka = '' }: KeptUrls): EngineUrls {
  return { databaseUrl: postgres, databaseReplicaUrl: replica, redisUrl: redis, kafkaBrokers: kafka };
}

interface Keeper {
  ready: Promise<KeptUrls>;
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
  stop: () => void;
}

function runKeeper(
  dataDir: string,
  engines: readonly EngineName[],
  ports: 'may-move' | 'same-ports',
  env: NodeJS.ProcessEnv,
  report: EngineOptions['report'],
): Keeper {
  mkdirSync(join(dataDir, 'log'), { recursive: true });
  const logFile = join(dataDir, 'log', 'keeper.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [keeperFile, dataDir, cacheDir, engines.join(','), ports], {
    // away from the terminal's group, whose Ctrl-C must not reach the engines before everybody else has ended
    detached: true,
    env: keeperEnvironment(env),
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = new Promise<number | null>((resolveEnd) => {
    child.once('exit', resolveEnd);
    child.once('error', () => resolveEnd(1));
  });
  const ready = new Promise<KeptUrls>((isReady, fail) => {
    let reason = `The engines' keeper ended unexpectedly; ${logFile} may say why.`;
    child.on('message', (message: KeeperMessage) => {
      if (message.type === 'progress') report(message.progress);
      else if (message.type === 'ready') isReady(message.urls);
      else reason = message.sentence;
    });
    // only when everything that it started has ended, too
    void ended.then(() => fail(new EngineUnavailable(reason)));
  });
  ready.catch(() => undefined);
  const order: KeeperOrder = 'stop';
  return { ready, ended, stop: () => void (child.connected && child.send(order, () => undefined)) };
}

/** Variables that change what libpq's clients connect to, or how Node runs, are meant for other programs. */
function keeperEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PG|^NODE_OPTIONS$/.test(name)));
}
