import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type Engine, EngineUnavailable } from './engine.ts';
import { commandLineOf, readPid } from './processes.ts';
import { backoffMs, type Supervised, supervise } from './supervisor.ts';

let folder: DataFolder;
let states: string[] = [];
let supervised: Supervised | null = null;

beforeEach(() => {
  folder = openDataFolder(mkdtempSync(join(tmpdir(), 'roost-supervisor-')));
  states = [];
});
afterEach(async () => {
  await supervised?.stop();
  rmSync(folder.path, { recursive: true });
});

/** An engine that is a shell; its command line mentions the data folder, as each engine's does. */
function anEngine(script: string, rest: Partial<Engine> = {}): Engine {
  return {
    name: 'redis',
    stopSignal: 'SIGTERM',
    startTimeoutMs: 5000,
    prepare: async () => ({ file: 'sh', args: ['-c', script, `${folder.path}/engine`] }),
    answers: async () => pid() !== null,
    ...rest,
  };
}

const supervising = (engine: Engine) =>
  (supervised = supervise(engine, folder, (state) => states.push(state)));
const pid = () => readPid(folder.pidFile('redis'));
const forever = 'while :; do sleep 1; done';

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

describe('a supervised engine', () => {
  it('is started again when it is killed', async () => {
    await supervising(anEngine(forever)).ready;
    const killed = pid() ?? 0;
    process.kill(killed, 'SIGKILL');
    await eventually(() => pid() !== null && pid() !== killed);
    await eventually(() => states.at(-1) === 'ready');
    expect(states).toEqual(['starting', 'ready', 'restarting', 'ready']);
  });

  it('is gone when it was stopped', async () => {
    const { ready, stop } = supervising(anEngine(forever));
    await ready;
    const running = pid() ?? 0;
    await stop();
    expect(commandLineOf(running)).toBe('');
    expect(existsSync(folder.pidFile('redis'))).toBe(false);
  });

  it('can be stopped while it starts', async () => {
    const { ready, stop } = supervising(anEngine(forever, { answers: async () => false }));
    await eventually(() => pid() !== null);
    await stop();
    await expect(ready).rejects.toThrow('stopped while it started');
    expect(pid()).toBeNull();
  });

  it('is given up at once when trying again is no use', async () => {
    let tries = 0;
    const prepare = async () => {
      tries += 1;
      throw new EngineUnavailable('install it');
    };
    await expect(supervising(anEngine('', { prepare })).ready).rejects.toThrow('install it');
    expect(tries).toBe(1);
  });

  it('is given up when it ends four times in its first start, mended in between', async () => {
    let mended = 0;
    const mend = async () => void (mended += 1);
    const failing = anEngine('exit 3', { answers: async () => false, mend });
    await expect(supervising(failing).ready).rejects.toThrow('ended with code 3');
    expect(mended).toBe(1);
  });

  it('is not mended for what it could not be prepared for', async () => {
    let mended = 0;
    const prepare = async () => {
      throw new Error('the primary is away');
    };
    const engine = anEngine('', { prepare, mend: async () => void (mended += 1) });
    await expect(supervising(engine).ready).rejects.toThrow('the primary is away');
    expect(mended).toBe(0);
  });
});

it('waits longer from failure to failure, but never over ten seconds', () => {
  expect([1, 2, 3, 20].map(backoffMs)).toEqual([100, 200, 400, 10_000]);
});
