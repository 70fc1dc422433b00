/**
 * The keeper: `keeper.ts <data folder> <cache folder> <engine,engine,…> <may-move|same-ports>`, run by `engines.ts`
 * with an IPC channel and in a process group of its own. It ends, and the engines before it, when it is told to, when
 * the channel closes (so also when its parent is killed) and on a signal.
 */
import { messageOf } from './command.ts';
import { openDataFolder } from './data-folder.ts';
import {
  type Engine,
  type EngineName,
  engineNames,
  type EngineProgress,
  EngineUnavailable,
  type Report,
} from './engine.ts';
import { kafkaEngine } from './kafka.ts';
import { takeKeeperLock } from './keeper-lock.ts';
import { primaryEngine } from './postgres.ts';
import { titles } from './progress.ts';
import { redisEngine } from './redis.ts';
import { replicaEngine } from './replica.ts';
import { reap } from './processes.ts';
import { stopGraceMs, type Supervised, supervise } from './supervisor.ts';

/** What the keeper tells its parent. After `failed` it stops what it started, and ends. */
export type KeeperMessage =
  | { type: 'progress'; progress: EngineProgress }
  | { type: 'ready'; urls: KeptUrls }
  | { type: 'failed'; sentence: string };
/** Only of the engines that it was asked for. */
export type KeptUrls = Partial<Record<EngineName, string>>;

/** What the keeper hears: stop everything and end. */
export type KeeperOrder = 'stop';

const [, , dataDir = '', cacheDir = '', names = '', ports = ''] = process.argv;
const stopping = new AbortController();
const running = new Map<EngineName, Supervised>();
let releaseLock = () => {};

process.on('message', (order: KeeperOrder) => {
  if (order === 'stop') void stop(0);
});
process.on('disconnect', () => void stop(0));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void stop(1);
});

try {
  tell({ type: 'ready', urls: await startAll(names.split(',')) });
} catch (error) {
  if (!(error instanceof EngineUnavailable)) console.error(error);
  tell({ type: 'failed', sentence: messageOf(error) });
  await stop(1);
}

async function startAll(wanted: readonly string[]): Promise<KeptUrls> {
  const lock = await takeKeeperLock(dataDir);
  releaseLock = () => lock.release();
  const folder = openDataFolder(dataDir);
  if (ports === 'same-ports') folder.pinPorts();
  // where the kernel does not end engines with their keeper, a killed one leaves them; each takes SIGINT for a stop
  await Promise.all(
    engineNames.map((name) => reap(folder.pidFile(name), `${folder.path}/`, 'SIGINT', stopGraceMs)),
  );
  stopping.signal.throwIfAborted();

  const urls = new Map<EngineName, () => string>();
  const start = (engine: Engine & { url(): string }, report: Report) => {
    if (!wanted.includes(engine.name)) return;
    urls.set(engine.name, () => engine.url());
    running.set(engine.name, supervise(engine, folder, report));
  };
  const [toPostgres, toReplica] = [reporter('postgres'), reporter('replica')];
  const [toRedis, toKafka] = [reporter('redis'), reporter('kafka')];
  const primary = primaryEngine(folder, stopping.signal);
  start(primary, toPostgres);
  const primaryReady = running.get('postgres')?.ready ?? Promise.resolve();
  start(replicaEngine(folder, primary, primaryReady, toReplica), toReplica);
  start(redisEngine(folder, cacheDir, toRedis, stopping.signal), toRedis);
  start(kafkaEngine(folder, cacheDir, toKafka, stopping.signal), toKafka);

  // all of them, so that somebody who lacks two things hears of both at once
  const sentences = new Set<string>();
  const outcomes = [...running].map(([name, { ready }]) =>
    ready.catch((reason: unknown) => sentences.add(whyNot(name, reason))),
  );
  await Promise.all(outcomes);
  if (sentences.size > 0) throw new EngineUnavailable([...sentences].join('\n'));
  folder.pinPorts();
  return Object.fromEntries([...urls].map(([name, url]) => [name, url()]));
}

function whyNot(engine: EngineName, reason: unknown): string {
  return reason instanceof EngineUnavailable
    ? reason.message
    : `${titles[engine]} could not be started: ${messageOf(reason)}.`;
}

function reporter(engine: EngineName): Report {
  let since = performance.now();
  return (state, detail) => {
    if (state === 'restarting') since = performance.now();
    const elapsedMs = Math.round(performance.now() - since);
    tell({
      type: 'progress',
      progress: { engine, state, elapsedMs, ...(detail === undefined ? {} : { detail }) },
    });
  };
}

function tell(message: KeeperMessage): void {
  // the parent may be gone: then there is nobody to tell, and the channel's end stops the keeper
  if (process.connected) process.send?.(message, () => undefined);
}

/** The replica before its primary, so that neither waits for the other. */
async function stop(code: number): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  const stopPostgres = async () => {
    await running.get('replica')?.stop();
    await running.get('postgres')?.stop();
  };
  await Promise.all([stopPostgres(), running.get('redis')?.stop(), running.get('kafka')?.stop()]);
  releaseLock();
  // whatever still holds the loop, a keeper without engines has no reason to live
  process.exit(code);
}
