import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineUnavailable } from './engine.ts';
import { commandLineOf, isGone, reap, readPid } from './processes.ts';

/** Longer than a keeper whose parent died takes to stop everything. */
const takeOverMs = 45_000;

/**
 * Makes this process the keeper of a data folder. A lock left by a crash is removed; a keeper whose parent died is
 * waited for, and ended if it hangs. Rejects with EngineUnavailable when the folder is in use.
 */
export async function takeKeeperLock(dataDir: string): Promise<{ release(): void }> {
  const file = join(dataDir, 'keeper.pid');
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n${process.ppid}\n`);
  try {
    for (;;) {
      try {
        // a link is there with its content or not at all, and never takes another's place
        linkSync(mine, file);
        return { release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      await clear(file, dataDir);
    }
  } finally {
    rmSync(mine);
  }
}

async function clear(file: string, dataDir: string): Promise<void> {
  const keeper = readPid(file);
  if (keeper !== null && keeper !== process.pid && isKeeperOf(keeper, dataDir)) {
    const parent = parentIn(file);
    const parentCommand = parent === null ? '' : commandLineOf(parent);
    if (parentCommand !== '') {
      throw new EngineUnavailable(
        `Roost already runs on ${dataDir} (process ${parent}: ${parentCommand}): stop that one first, or use another checkout.`,
      );
    }
    if (await isGone(keeper, dataDir, takeOverMs)) return rmSync(file, { force: true });
    return reap(file, dataDir, 'SIGKILL', takeOverMs);
  }
  rmSync(file, { force: true });
}

const isKeeperOf = (pid: number, dataDir: string): boolean => {
  const command = commandLineOf(pid);
  return command.includes('keeper.ts') && command.includes(` ${dataDir} `);
};

function parentIn(file: string): number | null {
  const parent = Number(readFileSync(file, 'utf8').split('\n')[1]);
  return Number.isSafeInteger(parent) && parent > 1 ? parent : null;
}
