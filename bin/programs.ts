import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { root } from './data-folder.ts';

export interface ProgramResult {
  ok: boolean;
  /** Exit code; 1 when a signal ended it or it could not be run. */
  code: number;
  /** What it printed on both streams; empty when it printed to the terminal itself. */
  output: string;
}

export interface ProgramOptions {
  env?: NodeJS.ProcessEnv;
  /** `show`: straight to the terminal; `keep`: as `output`. */
  output: 'show' | 'keep';
  /** Ends the program. */
  signal?: AbortSignal;
}

/** A tool of node_modules, as arguments of Node: `jest/bin/jest.js` needs no shell and no PATH. */
export const tool = (path: string): string => `${root}/node_modules/${path}`;

/**
 * Runs a JavaScript program on this Node, in the checkout. It ends when this process is asked to end or loses its
 * parent; never rejects.
 */
export async function runNode(
  args: string[],
  { env, output, signal }: ProgramOptions,
): Promise<ProgramResult> {
  const stdio = output === 'show' ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: [output === 'show' ? 'inherit' : 'ignore', stdio, stdio],
  });
  const end = () => child.kill('SIGTERM');
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;
  for (const event of events) process.on(event, end);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();

  const exit = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const printed = await Promise.all(streams.map((stream) => text(stream)));
  const code = await exit;
  for (const event of events) process.off(event, end);
  signal?.removeEventListener('abort', end);
  return { ok: code === 0, code, output: printed.join('') };
}
