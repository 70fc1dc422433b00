import { describe, expect, it } from '@jest/globals';
import { spawn as spawnProcess, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { supervise } from './supervisor.ts';

const forever = 'setInterval(() => {}, 1000)';

/** Spawns the given scripts one after the other, the last one again and again, and keeps what it spawned. */
function scripts(...sources: string[]) {
  const spawned: ChildProcess[] = [];
  const waiting: ((child: ChildProcess) => void)[] = [];
  return {
    spawned,
    next: () => new Promise<ChildProcess>((resolve) => waiting.push(resolve)),
    spawn: () => {
      const source = sources[Math.min(spawned.length, sources.length - 1)] ?? forever;
      const child = spawnProcess(process.execPath, ['-e', source], { stdio: 'ignore' });
      spawned.push(child);
      for (const tell of waiting.splice(0)) tell(child);
      return child;
    },
  };
}

describe('supervise', () => {
  it('starts another child when one is killed, and none after stop', async () => {
    const child = scripts(forever);
    const supervised = supervise('sleeper', { spawn: child.spawn, isReady: () => Promise.resolve(true) });
    await supervised.ready;
    const second = child.next();
    child.spawned[0]?.kill('SIGKILL');
    expect((await second).pid).toBe(supervised.pid());
    await supervised.stop();
    expect(child.spawned).toHaveLength(2);
    expect(child.spawned.every(({ exitCode, signalCode }) => (exitCode ?? signalCode) !== null)).toBe(true);
  });

  it('gives up on a child that dies again and again before it was ready', async () => {
    const child = scripts('process.exit(3)');
    const supervised = supervise('suicidal', { spawn: child.spawn, isReady: () => Promise.resolve(false) });
    await expect(supervised.ready).rejects.toThrow('ended 3 times before it was ready (exit code 3)');
    await supervised.stop();
  });

  it('restarts at once when asked, without counting it as a death', async () => {
    const child = scripts(forever);
    const supervised = supervise('sleeper', { spawn: child.spawn, isReady: () => Promise.resolve(true) });
    for (let round = 0; round < 4; round++) {
      const next = child.next();
      supervised.restart();
      await next;
    }
    expect(child.spawned).toHaveLength(5);
    await supervised.stop();
  });

  it('does not wait for a pause to end before it stops', async () => {
    const child = scripts('process.exit(1)');
    const supervised = supervise('suicidal', { spawn: child.spawn, isReady: () => Promise.resolve(true) });
    await once(child.spawned[0] as ChildProcess, 'exit');
    await supervised.stop();
  });
});
