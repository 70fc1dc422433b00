import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, succeeds } from './command.ts';

/** The whole command line of a process, arguments parted by spaces; empty when there is none (or only a zombie). */
export function commandLineOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    } catch {
      return '';
    }
  }
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** The pid in the first line of a file; null when there is no file or no pid in it. */
export function readPid(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/**
 * Ends the process that a pid file names, if its command line still mentions `marker` (pids are used again, so the
 * number alone proves nothing), and removes the file. Asks with `signal`, insists with SIGKILL after `graceMs`.
 */
export async function reap(
  pidFile: string,
  marker: string,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  const pid = readPid(pidFile);
  if (pid !== null && commandLineOf(pid).includes(marker)) {
    process.kill(pid, signal);
    if (!(await isGone(pid, marker, graceMs))) {
      process.kill(pid, 'SIGKILL');
      await isGone(pid, marker, graceMs);
    }
  }
  rmSync(pidFile, { force: true });
}

/** Waits up to `withinMs` for a process to end. */
export async function isGone(pid: number, marker: string, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (commandLineOf(pid).includes(marker)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

let setprivKnowsDeath: boolean | null = null;

/**
 * Lets the kernel send `signal` to the command when its parent dies, even by SIGKILL. Only Linux can (setpriv of
 * util-linux); elsewhere the next start reaps what was left.
 */
export function dyingWithParent(command: Command, signal: NodeJS.Signals): Command {
  setprivKnowsDeath ??= succeeds({ file: 'setpriv', args: ['--pdeathsig', 'SIGTERM', '--', 'true'] });
  if (!setprivKnowsDeath) return command;
  return { ...command, file: 'setpriv', args: ['--pdeathsig', signal, '--', command.file, ...command.args] };
}
