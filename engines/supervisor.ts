import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './command.ts';
import type { DataFolder } from './data-folder.ts';
import { type Engine, EngineUnavailable, type Report } from './engine.ts';
import { dyingWithParent } from './processes.ts';

/** Unlike a failure to prepare one, it may come from the engine's data. */
class LaunchFailed extends Error {
  override readonly name = 'LaunchFailed';
}

/** Failed tries in a row after which a first start gives up; one that has been ready is never given up. */
const firstStartTries = 4;
/** A launch that lived this long was healthy: its end starts the backoff anew. */
const healthyMs = 60_000;
const pollMs = 40;
const answerTimeoutMs = 5000;
/** Time to write everything down; past it comes SIGKILL, and the engine recovers when it starts. */
export const stopGraceMs = 20_000;

export interface Supervised {
  /** Resolves when the engine answers for the first time; rejects when it cannot be started. */
  ready: Promise<void>;
  /** Ends the engine for good and resolves when its process is gone. May be called at any time, and twice. */
  stop(): Promise<void>;
}

/** How long to wait before the launch that follows `failures` in a row. */
export const backoffMs = (failures: number): number => Math.min(100 * 2 ** (failures - 1), 10_000);

/** Starts an engine, of which nothing may be running, and starts it again whenever its process ends, with the same data. */
export function supervise(engine: Engine, folder: DataFolder, report: Report): Supervised {
  const stopping = new AbortController();
  const firstReady = Promise.withResolvers<void>();
  // whoever stops an engine that nobody waits for yet must not end the process by an unhandled rejection
  firstReady.promise.catch(() => undefined);
  let process: ChildProcess | null = null;
  const life = live();

  async function live(): Promise<void> {
    let isFirst = true;
    let failures = 0;
    let tries = 0;
    let failedLaunches = 0;
    report('starting');
    while (!stopping.signal.aborted) {
      try {
        const { ended } = await launch();
        const readyAt = performance.now();
        isFirst = false;
        failedLaunches = 0;
        report('ready');
        firstReady.resolve();
        const how = await ended;
        if (performance.now() - readyAt > healthyMs) failures = 0;
        if (!stopping.signal.aborted) report('restarting', how);
      } catch (error) {
        if (stopping.signal.aborted) break;
        tries += 1;
        if (isFirst && (error instanceof EngineUnavailable || tries === firstStartTries)) {
          return firstReady.reject(error);
        }
        report(isFirst ? 'starting' : 'restarting', messageOf(error));
        if (error instanceof LaunchFailed) failedLaunches += 1;
        if (error instanceof LaunchFailed && failedLaunches % 2 === 0) {
          await engine.mend?.().catch((cause: unknown) => report('restarting', messageOf(cause)));
        }
      }
      failures += 1;
      await delay(backoffMs(failures), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    firstReady.reject(new Error(`${engine.name} was stopped while it started`));
  }

  /** Resolves when the engine answers. Rejects when it ends before, or does not answer in time; then it is gone. */
  async function launch(): Promise<{ ended: Promise<string> }> {
    const command = dyingWithParent(await engine.prepare(), engine.stopSignal);
    stopping.signal.throwIfAborted();
    const { file, args, ...identity } = command;
    const log = openSync(folder.log(engine.name), 'a', 0o600);
    const child = spawn(file, args, { ...identity, cwd: '/', stdio: ['ignore', log, log] });
    closeSync(log);
    process = child;
    if (child.pid !== undefined) writeFileSync(folder.pidFile(engine.name), String(child.pid));
    let isRunning = true;
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
    }).finally(() => {
      isRunning = false;
      rmSync(folder.pidFile(engine.name), { force: true });
    });
    const deadline = performance.now() + engine.startTimeoutMs;
    while (!(await answers())) {
      if (!isRunning) throw new LaunchFailed(`${await ended}; see ${folder.log(engine.name)}`);
      if (performance.now() > deadline) {
        await end(child);
        throw new LaunchFailed(
          `did not answer in ${engine.startTimeoutMs / 1000} s; see ${folder.log(engine.name)}`,
        );
      }
      await delay(pollMs);
    }
    return { ended };
  }

  /** A process that hangs may keep a question open for ever. */
  async function answers(): Promise<boolean> {
    const tooLate = delay(answerTimeoutMs, false, { ref: false });
    return Promise.race([engine.answers().catch(() => false), tooLate]);
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(engine.stopSignal);
    const insist = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
    await gone;
    clearTimeout(insist);
  }

  return {
    ready: firstReady.promise,
    async stop() {
      const wasRunning = !stopping.signal.aborted;
      stopping.abort();
      if (process !== null) await end(process);
      await life;
      if (wasRunning) report('stopped');
    },
  };
}
