import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder, type DataFolder } from '../engines/data-folder.ts';
import type { Engine, Report } from '../engines/engine.ts';
import { dyingWithParent } from '../engines/processes.ts';
import { until } from './until.ts';

/** An engine that belongs to one test, which may do to it what it likes. */
export interface OwnEngine {
  /** The same in all its lives. */
  url: string;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it and waits until it is gone. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again, and waits until it answers. `empty`: without what it knew. */
  start(options?: { empty?: boolean }): Promise<void>;
  /** Ends it and deletes its folder. */
  remove(): Promise<void>;
}

type EngineMaker = (
  folder: DataFolder,
  cacheDir: string,
  report: Report,
  stopping: AbortSignal,
) => Engine & { url(): string };

const cacheDir = join(import.meta.dirname, '../.roost-cache');

/** Runs an engine as `npm start` would, in a folder of its own, but nobody restarts it. */
export async function startOwnEngine(make: EngineMaker): Promise<OwnEngine> {
  const path = mkdtempSync(join(tmpdir(), 'roost-own-engine-'));
  const folder = openDataFolder(path);
  const engine = make(folder, cacheDir, () => undefined, new AbortController().signal);
  let child: ChildProcess | undefined;

  async function start({ empty = false } = {}): Promise<void> {
    if (empty) rmSync(join(path, engine.name), { recursive: true });
    const { file, args, env } = dyingWithParent(await engine.prepare(), 'SIGKILL');
    const log = openSync(folder.log(engine.name), 'a');
    child = spawn(file, args, { env, stdio: ['ignore', log, log] });
    closeSync(log);
    folder.pinPorts();
    await until(`${engine.name} answers`, () => engine.answers());
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  await start();
  return {
    url: engine.url(),
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    remove: async () => {
      await kill('SIGKILL');
      rmSync(path, { recursive: true, force: true });
    },
  };
}
