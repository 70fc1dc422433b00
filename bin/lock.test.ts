import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireLock, type Lock } from './lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roost-lock-'));
  path = join(folder, 'data/start.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes the lock in another process, which says what it got and stays. */
async function inAnotherProcess(): Promise<{ pid: number; lock: Lock; kill(): Promise<void> }> {
  const source = `
    import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    console.log(JSON.stringify(acquireLock(${JSON.stringify(path)})));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const exit = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    lock: JSON.parse(String(line)) as Lock,
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

describe('acquireLock', () => {
  it('names the living process that has it, and gives it away when that was killed', async () => {
    const other = await inAnotherProcess();
    expect(other.lock.held).toBe(true);
    expect(acquireLock(path)).toEqual({ held: false, pid: other.pid });
    await other.kill();
    expect(acquireLock(path).held).toBe(true);
  });

  it('goes to one of many that heal a stale one at the same time', async () => {
    const dead = await inAnotherProcess();
    await dead.kill();
    const others = await Promise.all(Array.from({ length: 6 }, inAnotherProcess));
    expect(others.filter(({ lock }) => lock.held)).toHaveLength(1);
    await Promise.all(others.map((other) => other.kill()));
  });

  it('is not fooled by a pid that another process has now', () => {
    acquireLock(path);
    // Alive, but not since then.
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\d+$/, '1'));
    expect(acquireLock(path).held).toBe(process.platform === 'linux');
  });

  it('leaves nothing behind once released', () => {
    const lock = acquireLock(path);
    if (lock.held) lock.release();
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
  });
});
