import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createLog } from '../platform/process/log.ts';

const log = createLog('supervisor');

const firstPauseMs = 250;
const longestPauseMs = 15_000;
/** A child that lived this long was well: its next death starts the pauses anew. */
const wellMs = 30_000;
/** Before a child was ready once, more deaths than this are no accident. */
const triesUntilReady = 3;
/** A little over what the child itself allows its stop. */
const stopGraceMs = 12_000;

export interface Supervised {
  /** Resolves when the first child is ready; rejects when it died too often before. */
  ready: Promise<void>;
  pid(): number | undefined;
  /** Ends the child gently, or the pause after its death, and starts another one at once. */
  restart(): void;
  /** Ends the child, by force after a while, and starts no other. */
  stop(): Promise<void>;
}

/**
 * Keeps one child process running: starts another when it dies, after a pause that doubles up to 15 s.
 * `isReady` is asked again and again until it says yes for the first time.
 */
export function supervise(
  name: string,
  { spawn, isReady }: { spawn: () => ChildProcess; isReady: () => Promise<boolean> },
): Supervised {
  const stopping = new AbortController();
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  let child: ChildProcess | undefined;
  let asked = false;
  let endPause = () => {};
  let wasReady = false;

  const kept = keep();
  void watchReady();
  return {
    ready,
    pid: () => child?.pid,
    restart: () => {
      asked = child !== undefined;
      child?.kill('SIGTERM');
      endPause();
    },
    stop: async () => {
      stopping.abort();
      endPause();
      child?.kill('SIGTERM');
      const forced = setTimeout(() => child?.kill('SIGKILL'), stopGraceMs);
      await kept;
      clearTimeout(forced);
    },
  };

  async function keep(): Promise<void> {
    for (let deaths = 0; !stopping.signal.aborted;) {
      const began = performance.now();
      child = spawn();
      const how = await ended(child);
      child = undefined;
      if (stopping.signal.aborted) return;
      if (asked) {
        asked = false;
        continue;
      }
      deaths = performance.now() - began > wellMs ? 1 : deaths + 1;
      if (!wasReady && deaths >= triesUntilReady) {
        reject(new Error(`The ${name} ended ${deaths} times before it was ready (${how}).`));
        return;
      }
      const pauseMs = Math.min(firstPauseMs * 2 ** (deaths - 1), longestPauseMs);
      log.warn({ child: name, how, pauseMs }, 'a child process ended; it is started again');
      await pause(pauseMs);
    }
  }

  async function watchReady(): Promise<void> {
    while (!stopping.signal.aborted && !(await isReady().catch(() => false))) await delay(50);
    wasReady = true;
    resolve();
  }

  function pause(ms: number): Promise<void> {
    const { promise, resolve: end } = Promise.withResolvers<void>();
    const timer = setTimeout(end, ms);
    endPause = () => {
      clearTimeout(timer);
      end();
    };
    return promise;
  }
}

/** How a child ended; never rejects, not even when it could not be spawned. */
async function ended(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal ?? `exit code ${code}`;
  } catch (err) {
    return err instanceof Error ? err.message : String(err);
  }
}
