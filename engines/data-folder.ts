import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isRoot } from './apt.ts';
import { type EngineName, EngineUnavailable } from './engine.ts';
import { freePort, isFree } from './ports.ts';

/** Raised when older code could no longer use the folder. */
const layout = 1;

const stateFile = z.object({
  layout: z.number(),
  passwords: z.object({ postgres: z.string(), redis: z.string() }),
  ports: z.record(z.string(), z.number()),
});
type State = z.infer<typeof stateFile>;

/** The engines' part of a data folder: `engines.json`, `log`, `pids`, and a folder per engine. */
export interface DataFolder {
  path: string;
  passwords: State['passwords'];
  /**
   * The port remembered under `name`; another one, remembered from now on, if there was none or it is taken. Once
   * ports are pinned it rejects instead of moving.
   */
  port(name: string): Promise<number>;
  /** From here on somebody uses the addresses. */
  pinPorts(): void;
  /** Where an engine writes what it has to say; starts anew past 10 MB. */
  log(engine: EngineName): string;
  pidFile(engine: EngineName): string;
}

const logBytes = 10 << 20;

/** Opens a data folder and makes what is missing. Throws EngineUnavailable when newer code wrote it. */
export function openDataFolder(path: string): DataFolder {
  for (const part of ['log', 'pids', 'postgres', 'redis', 'kafka']) {
    mkdirSync(join(path, part), { recursive: true });
  }
  // when we are root, Postgres passes through as another user; what is secret below has modes of its own
  for (const part of ['.', 'postgres']) if (isRoot()) chmodSync(join(path, part), 0o711);
  const file = join(path, 'engines.json');
  const state = readState(file) ?? freshState();
  if (state.layout > layout) {
    throw new EngineUnavailable(
      `The data folder ${path} was written by a newer version of Roost; update this checkout, or start with --reset to throw the data away.`,
    );
  }
  writeState(file, state);
  let portsMayMove = true;
  return {
    path,
    passwords: state.passwords,
    async port(name) {
      const known = state.ports[name];
      if (known !== undefined && (await isFree(known))) return known;
      if (known !== undefined && !portsMayMove) throw new Error(`port ${known} is held by another program`);
      const port = await freePort(Object.values(state.ports));
      state.ports[name] = port;
      writeState(file, state);
      return port;
    },
    pinPorts() {
      portsMayMove = false;
    },
    log(engine) {
      const log = join(path, 'log', `${engine}.log`);
      if (existsSync(log) && statSync(log).size > logBytes) renameSync(log, `${log}.old`);
      return log;
    },
    pidFile: (engine) => join(path, 'pids', engine),
  };
}

/**
 * The folder `name` of the cache folder, filled by `fill` if it is not there. Filled under another name and renamed,
 * so neither a crash nor a second process at the same time leaves half of it.
 */
export async function cached(
  cacheDir: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheDir, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir, { recursive: true });
  const filling = await mkdtemp(`${folder}.`);
  try {
    await fill(filling);
    await chmod(filling, 0o755);
    await rename(filling, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(filling, { recursive: true, force: true });
  }
  return folder;
}

function readState(file: string): State | null {
  if (!existsSync(file)) return null;
  const read = stateFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new EngineUnavailable(`${file} is damaged; restore it, or start with --reset.`);
  return read.data;
}

const freshState = (): State => ({
  layout,
  passwords: { postgres: password(), redis: password() },
  ports: {},
});

const password = () => randomBytes(24).toString('base64url');

function writeState(file: string, state: State): void {
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
