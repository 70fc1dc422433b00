import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf } from '../engines/processes.ts';
import { ConfigError } from '../platform/process/config.ts';
import { acquireLock } from './lock.ts';

/** The checkout that this file is in. */
export const root = join(import.meta.dirname, '..');

export const lockName = 'start.lock';

/** Makes sure that no other process uses the data folder, until `release`. Throws a sentence that names the one that does. */
export function claim(dataDir: string): { release(): void } {
  const lock = acquireLock(join(dataDir, lockName));
  if (lock.held) return lock;
  throw new ConfigError(
    `Roost already runs from this checkout: process ${lock.pid} uses ${dataDir}. Stop that one first, ` +
      'or use a second checkout, which runs beside it on other ports.',
  );
}

/** The pid of a process, other than this one, that has a path inside the data folder on its command line, as engines do. */
export function userOf(dataDir: string): number | undefined {
  return commandLines().find(({ pid, command }) => pid !== process.pid && command.includes(`${dataDir}/`))
    ?.pid;
}

/** Deletes everything in a claimed data folder. Throws, having deleted nothing, while an engine runs from it. */
export function reset(dataDir: string): void {
  const user = userOf(dataDir);
  if (user !== undefined) {
    throw new ConfigError(`Nothing was deleted: process ${user} still runs from ${dataDir}. Stop it first.`);
  }
  for (const entry of readdirSync(dataDir)) {
    if (entry !== lockName) rmSync(join(dataDir, entry), { recursive: true, force: true });
  }
}

function commandLines(): { pid: number; command: string }[] {
  if (existsSync('/proc/self/cmdline')) {
    const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
    return pids.map((pid) => ({ pid: Number(pid), command: commandLineOf(Number(pid)) }));
  }
  const listing = execFileSync('ps', ['-axww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return listing.split('\n').map((line) => {
    const [, pid = '', command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command };
  });
}
