import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export type Lock = { held: true; release(): void } | { held: false; pid: number };

/**
 * Takes the lock file at `path` for this process, or tells which living process has it. A lock whose process is gone,
 * or whose pid has since been given to another process, is replaced. Released by `release`; a crash needs none.
 */
export function acquireLock(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true });
  const mine = identity(process.pid) ?? String(process.pid);
  const candidate = `${path}.${process.pid}`;
  writeFileSync(candidate, mine);
  try {
    for (;;) {
      // A link appears with its content or not at all, and never over another file.
      if (linked(candidate, path)) return { held: true, release: () => release(path, mine) };
      const holder = read(path);
      if (holder === undefined) continue;
      const pid = Number.parseInt(holder, 10);
      if (identity(pid) === holder) return { held: false, pid };
      removeStale(path, holder);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** Moves the lock aside before deleting it: between reading and removing, another process may have healed it. */
function removeStale(path: string, holder: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (err) {
    if (isMissing(err)) return;
    throw err;
  }
  if (read(aside) !== holder) linked(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true });
}

/** `pid`, and where the system tells it, when that process began; undefined when there is none. */
function identity(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  const stat = read(`/proc/${pid}/stat`);
  // The 22nd field, counted after the name, which may hold blanks and brackets.
  const began = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return began === undefined ? String(pid) : `${pid} ${began}`;
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw err;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (err) {
    if (isMissing(err)) return undefined;
    throw err;
  }
}

const isMissing = (err: unknown) => (err as NodeJS.ErrnoException).code === 'ENOENT';
