import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { freePort } from '../engines/ports.ts';
import { shapeUnderTest } from './supergraph.ts';
import { until } from './until.ts';

const checkout = joinPath(import.meta.dirname, '..');
let copy: string;
let origin: string;
let env: NodeJS.ProcessEnv;
let started: ChildProcess | undefined;

beforeAll(async () => {
  copy = copyOfCheckout();
  const port = await freePort([]);
  const metricsPort = await freePort([port]);
  origin = `http://127.0.0.1:${port}`;
  // Nothing that would give an engine instead of starting it.
  const own = ['PATH', 'HOME', 'JAVA_HOME'].map((name) => [name, process.env[name]]);
  env = { ...Object.fromEntries(own), PORT: String(port), METRICS_PORT: String(metricsPort) };
});
afterAll(async () => {
  started?.kill('SIGKILL');
  await until('everything is gone', () => running().length === 0);
  rmSync(copy, { recursive: true });
}, 60_000);

/** The checkout as it is, without data; with links to what was installed and fetched, so that neither is done again. */
function copyOfCheckout(): string {
  const folder = mkdtempSync(joinPath(tmpdir(), 'roost-checkout-'));
  // When we are root, Postgres passes through as another user.
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(checkout)) {
    if (/^(node_modules|\.git|\.roost.*)$/.test(entry)) continue;
    cpSync(joinPath(checkout, entry), joinPath(folder, entry), { recursive: true });
  }
  // Not the folder as a whole: the stamps of what is generated lie in it, and belong to one checkout.
  mkdirSync(joinPath(folder, 'node_modules'));
  for (const entry of readdirSync(joinPath(checkout, 'node_modules'))) {
    const [from, to] = [checkout, folder].map((root) => joinPath(root, 'node_modules', entry)) as [
      string,
      string,
    ];
    if (entry.startsWith('.roost')) cpSync(from, to);
    else symlinkSync(from, to);
  }
  mkdirSync(joinPath(checkout, '.roost-cache'), { recursive: true });
  symlinkSync(joinPath(checkout, '.roost-cache'), joinPath(folder, '.roost-cache'));
  return folder;
}

/** The command lines of everything that runs from the copy. */
function running(): string[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'command='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(copy));
}

/**
 * What `npm start -- --no-demo --no-web` comes down to, in a process group of its own as on a terminal. Next builds nothing
 * in a checkout whose packages are a link; the browser tests have the web client.
 */
function start(): { child: ChildProcess; printed: () => string; ended: Promise<unknown[]> } {
  const script = joinPath(copy, 'bin/start.ts');
  const shape = shapeUnderTest === 'distributed' ? ['--distributed'] : [];
  const child = spawn(process.execPath, [script, '--no-demo', '--no-web', ...shape], {
    cwd: copy,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return { child, printed: () => printed, ended: once(child, 'exit') };
}

async function startUntilReady(): Promise<ReturnType<typeof start>> {
  const run = start();
  started = run.child;
  const outcome = await until(
    'it is ready',
    () => {
      if (run.child.exitCode !== null) return 'ended';
      return run.printed().includes('Ctrl-C stops everything.') && 'ready';
    },
    180_000,
  );
  if (outcome === 'ended') throw new Error(`It ended:\n${run.printed()}`);
  return run;
}

/** The data of the answer. */
async function ask(query: string): Promise<unknown> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { data: unknown }).data;
}

it('starts on an empty folder, refuses to start twice, and leaves nothing when it is killed', async () => {
  const { child, printed, ended } = await startUntilReady();
  expect(printed()).toContain(`${new URL(origin).port}/graphql`);
  const input = '{ username: "ada", email: "ada@example.com", password: "correct horse battery" }';
  expect(await ask(`mutation { signUp(input: ${input}) { viewer { user { username } } } }`)).toEqual({
    signUp: { viewer: { user: { username: 'ada' } } },
  });

  const second = start();
  expect(await second.ended).toEqual([1, null]);
  expect(second.printed()).toContain(`Roost already runs from this checkout: process ${child.pid}`);
  expect(await ask('{ user(username: "ada") { username } }')).toEqual({ user: { username: 'ada' } });

  expect(running().length).toBeGreaterThan(5);
  child.kill('SIGKILL');
  await ended;
  await until('everything is gone', () => running().length === 0);
}, 300_000);

it('starts again after that with what was there, and Ctrl-C leaves nothing', async () => {
  const { child, ended } = await startUntilReady();
  expect(await ask('{ user(username: "ada") { username } }')).toEqual({ user: { username: 'ada' } });

  // A terminal signals the whole group at once.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(running()).toEqual([]);
}, 300_000);
