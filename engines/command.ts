import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A program to run. Without `env` it gets the keeper's. */
export interface Command {
  file: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

const execute = promisify(execFile);

/** Runs a command to its end and resolves with what it printed. Rejects when it fails, or is ended by `signal`. */
export async function run(command: Command, signal?: AbortSignal, cwd = '/'): Promise<string> {
  const { file, args, ...identity } = command;
  const { stdout } = await execute(file, args, { ...identity, cwd, signal, maxBuffer: 64 << 20 });
  return stdout;
}

/** Whether the command can be run and succeeds. */
export function succeeds({ file, args, ...identity }: Command): boolean {
  return spawnSync(file, args, { ...identity, cwd: '/', stdio: 'ignore' }).status === 0;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a failed `run` has to say for itself, in a line. */
export function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const text = stderr.trim() === '' ? messageOf(error) : stderr;
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => /error|^E:/i.test(line)) ?? lines.findLast((line) => line !== '') ?? 'unknown';
}

/** Makes what runs tasks one after the other, as a package manager wants it. */
export function turns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}
