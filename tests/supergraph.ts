import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '../engines/ports.ts';
import { until } from './until.ts';

/** The supergraph as a process, the way `npm start` runs it. */
export interface TestSupergraph {
  /** Of the gateway; the same after a restart. */
  origin: string;
  metricsOrigin: string;
  /** Asks as somebody with a token, or as nobody. Rejects only when nothing answers. */
  ask<Data>(query: string, variables?: object, token?: string): Promise<Answer<Data>>;
  /** Ends the process by a signal. Resolves when it is gone, with how it ended: an exit code, or a signal. */
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** Ends it in order, unless it has ended. */
  stop(): Promise<void>;
  /** Starts it again after `kill`, and waits until it is ready. */
  start(): Promise<void>;
  /** All that it printed, in all its lives. */
  output(): string;
}

/** `Data` is what the test knows the answer to look like; nothing checks it but the expectations. */
export interface Answer<Data> {
  status: number;
  data: Data;
  errors?: GraphqlError[];
}

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string };
}

const script = join(import.meta.dirname, '../bin/supergraph.ts');

/** @param env as `testDatabase` gives it. */
export async function startSupergraph(env: NodeJS.ProcessEnv): Promise<TestSupergraph> {
  const port = await freePort([]);
  const metricsPort = await freePort([port]);
  const origin = `http://127.0.0.1:${port}`;
  let printed = '';
  let child: ChildProcess | undefined;

  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [script], {
      env: {
        ...env,
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        PUBLIC_URL: `http://localhost:${port}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
    }
    const ready = await until('the supergraph is ready', async () => {
      if (!isRunning()) return 'ended';
      const response = await fetch(`${origin}/health/ready`);
      await response.body?.cancel();
      return response.ok && 'ready';
    });
    if (ready === 'ended') throw new Error(`The supergraph ended:\n${printed}`);
  }

  async function kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    if (child === undefined) throw new Error('The supergraph was never started');
    if (isRunning()) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    return child.exitCode ?? child.signalCode ?? 'SIGKILL';
  }

  try {
    await start();
  } catch (err) {
    await kill('SIGKILL');
    throw err;
  }
  return {
    origin,
    metricsOrigin: `http://127.0.0.1:${metricsPort}`,
    ask: async (query, variables = {}, token = '') => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== '' && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as { data: never }) };
    },
    kill,
    stop: async () => void (await kill('SIGTERM')),
    start,
    output: () => printed,
  };
}
