import { describe, expect, it } from '@jest/globals';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = JSON.stringify(join(import.meta.dirname, 'run.ts'));
const up = `const open = setInterval(() => {}, 1000); console.log('up ' + process.pid);`;
const stop = `stop: async () => { console.log('stopped'); clearInterval(open); }`;

/** Runs a process of this body under `runProcess`, calls `whenUp` once it prints "up", and tells how it ended. */
async function life(
  body: string,
  {
    whenUp,
    env,
    ipc = false,
    options = '',
  }: { whenUp?: (child: ChildProcess) => void; env?: object; ipc?: boolean; options?: string } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'roost-run-'));
  const file = join(folder, 'main.ts');
  writeFileSync(
    file,
    `import { runProcess } from ${run}; runProcess('probe', async () => { ${body} }, { ${options} });`,
  );
  const settings = {
    env: { ...process.env, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe' | 'ipc')[],
  };
  const child = ipc
    ? fork(file, { ...settings, stdio: [...settings.stdio, 'ipc'] })
    : spawn(process.execPath, [file], settings);
  let out = '';
  const read = (chunk: Buffer) => {
    const wasUp = out.includes('up ');
    out += String(chunk);
    if (!wasUp && out.includes('up ')) whenUp?.(child);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  // Not 'close', which never comes after disconnect().
  const [[code]] = (await Promise.all([
    once(child, 'exit'),
    ...[child.stdout, child.stderr].map((stream) => stream && once(stream, 'end')),
  ])) as [[number | null]];
  rmSync(folder, { recursive: true });
  return { code, out };
}

const stops = (out: string) => out.split('stopped').length - 1;

describe('runProcess', () => {
  it('stops once however many signals arrive, and ends by itself', async () => {
    // Until the second has come: a process that is ended already has no say in what a signal does.
    const both = `const second = new Promise((resolve) => process.once('SIGINT', resolve)); ${up}`;
    const stopping = `stop: async () => { console.log('stopped'); await second; clearInterval(open); }`;
    const { code, out } = await life(`${both} return { ${stopping} };`, {
      whenUp: (child) => {
        child.kill('SIGTERM');
        child.kill('SIGINT');
      },
    });
    expect({ code, stops: stops(out) }).toEqual({ code: 0, stops: 1 });
  });

  it('stops and ends with 1 after an uncaught error or rejection', async () => {
    const thrown = await life(`${up} setTimeout(() => { throw new Error('boom'); }); return { ${stop} };`);
    expect({ code: thrown.code, stops: stops(thrown.out) }).toEqual({ code: 1, stops: 1 });
    expect(thrown.out).toContain('boom');
    const rejected = await life(
      `${up} setTimeout(() => { void Promise.reject(new Error('bang')); }); return { ${stop} };`,
    );
    expect({ code: rejected.code, stops: stops(rejected.out) }).toEqual({ code: 1, stops: 1 });
  });

  it('prints faults of configuration as they are', async () => {
    const { code, out } = await life(`return { stop: async () => {} };`, { env: { LOG_LEVEL: 'loud' } });
    expect(code).toBe(1);
    expect(out).toMatch(/^probe cannot start:\n {2}LOG_LEVEL /);
  });

  it('names what is still open and ends by force when the loop does not empty', async () => {
    const { code, out } = await life(`${up} return { stop: async () => {} };`, {
      options: 'stopGraceMs: 50',
      whenUp: (child) => child.kill('SIGTERM'),
    });
    expect(code).toBe(1);
    expect(out).toContain('"Timeout"],"msg":"did not stop in time"');
  });

  it('stops when the channel to its parent closes', async () => {
    const { code, out } = await life(`${up} return { ${stop} };`, {
      ipc: true,
      whenUp: (child) => child.disconnect(),
    });
    expect({ code, stops: stops(out) }).toEqual({ code: 0, stops: 1 });
  });

  it('ends by itself when its work is done, although its parent could still call', async () => {
    expect(await life(`return { stop: async () => {} };`, { ipc: true })).toMatchObject({ code: 0 });
  });
});
