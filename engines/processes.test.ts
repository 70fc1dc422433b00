import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLineOf, readPid, reap } from './processes.ts';

let folder = '';
let pidFile = '';
let child: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roost-processes-'));
  pidFile = join(folder, 'pid');
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A process whose command line mentions `marker`, once it has begun. */
async function running(script: string, marker: string): Promise<number> {
  child = spawn(process.execPath, ['-e', `${script}; console.log(1); setInterval(() => {}, 1e6)`, marker]);
  await once(child.stdout ?? child, 'data');
  return child.pid ?? 0;
}

describe('reaping', () => {
  it('ends what the pid file names and removes the file', async () => {
    const pid = await running('', folder);
    writeFileSync(pidFile, `${pid}\nmore`);
    await reap(pidFile, folder, 'SIGTERM', 5000);
    expect(commandLineOf(pid)).toBe('');
    expect(existsSync(pidFile)).toBe(false);
  });

  it('insists when it is not heard', async () => {
    const pid = await running(`process.on('SIGTERM', () => {})`, folder);
    writeFileSync(pidFile, String(pid));
    await reap(pidFile, folder, 'SIGTERM', 100);
    expect(commandLineOf(pid)).toBe('');
  });

  it('leaves a stranger alone who got the number since', async () => {
    const pid = await running('', 'a stranger');
    writeFileSync(pidFile, String(pid));
    await reap(pidFile, folder, 'SIGTERM', 100);
    expect(commandLineOf(pid)).toContain('a stranger');
    expect(existsSync(pidFile)).toBe(false);
  });

  it.each(['', 'nonsense', '-1', '0', '1'])('takes "%s" for no pid', (content) => {
    writeFileSync(pidFile, content);
    expect(readPid(pidFile)).toBeNull();
  });
});
