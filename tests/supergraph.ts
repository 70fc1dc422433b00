import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isReady, partsOf, type Part, type Shape } from '../bin/parts.ts';
import { freePort } from '../engines/ports.ts';
import { until } from './until.ts';

/** The supergraph as `npm start` runs it, but that nobody restarts what ends. */
export interface TestSupergraph {
  /** Of the gateway; the same after a restart. */
  origin: string;
  /** Of the process that the gateway is in. */
  metricsOrigin: string;
  /** Asks as somebody with a token, or as nobody. Rejects only when nothing answers. */
  ask<Data>(query: string, variables?: object, token?: string): Promise<Answer<Data>>;
  /**
   * Ends all its processes by a signal, or the one of that name; when asked kindly, those that face clients first.
   * Resolves when they are gone, with how they ended: an exit code, or a signal. One that ended badly speaks for all.
   */
  kill(signal: NodeJS.Signals, part?: string): Promise<number | NodeJS.Signals>;
  /** Ends what has not ended, in order. */
  stop(): Promise<void>;
  /** Starts again what was killed, and waits until all is ready. */
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

/** Which shape the end-to-end tests run on now: the jest project says it. */
export const shapeUnderTest =
  (globalThis as typeof globalThis & { roostShape?: Shape }).roostShape ?? 'one-process';

/**
 * @param env as `testDatabase` gives it.
 * @param publicUrl where people reach it, when that is not the gateway itself.
 */
export async function startSupergraph(env: NodeJS.ProcessEnv, publicUrl?: string): Promise<TestSupergraph> {
  const taken: number[] = [];
  const pickPort = async () => {
    const port = await freePort(taken);
    taken.push(port);
    return port;
  };
  const port = await pickPort();
  const metricsPort = await pickPort();
  const origin = `http://127.0.0.1:${port}`;
  const told = {
    ...env,
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    PUBLIC_URL: publicUrl ?? `http://localhost:${port}`,
  };
  const processes = (await partsOf(shapeUnderTest, told, pickPort)).map(partProcess);
  const start = async () => void (await Promise.all(processes.map((process) => process.start())));

  async function kill(signal: NodeJS.Signals, name?: string): Promise<number | NodeJS.Signals> {
    const chosen = processes.filter(({ part }) => name === undefined || part.name === name);
    const [front, back] = [true, false].map((facing) =>
      chosen.filter(({ part }) => part.facesClients === facing),
    );
    const ends: (number | NodeJS.Signals)[] = [];
    for (const group of signal === 'SIGKILL' ? [chosen] : [front ?? [], back ?? []])
      ends.push(...(await Promise.all(group.map((process) => process.kill(signal)))));
    return ends.find((how) => how !== 0) ?? 0;
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
    ask: asking(origin),
    kill,
    stop: async () => void (await kill('SIGTERM')),
    start,
    output: () => processes.map((process) => process.output()).join(''),
  };
}

/** Asks the gateway at an origin. */
export function asking(origin: string): TestSupergraph['ask'] {
  return async (query, variables = {}, token = '') => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== '' && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as { data: never }) };
  };
}

/** A part as a child process, not started yet. */
export function partProcess(part: Part) {
  let printed = '';
  let child: ChildProcess | undefined;
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    part,
    output: () => printed,
    start: async (): Promise<void> => {
      if (isRunning()) return;
      const started = spawn(process.execPath, [join(import.meta.dirname, '..', part.script)], {
        env: part.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
      }
      const ready = await until(`the ${part.name} is ready`, async () => {
        if (!isRunning()) return 'ended';
        return (await isReady(part)) && 'ready';
      });
      if (ready === 'ended') throw new Error(`The ${part.name} ended:\n${printed}`);
    },
    kill: async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals> => {
      if (child === undefined) throw new Error(`The ${part.name} was never started`);
      if (isRunning()) {
        const gone = once(child, 'exit');
        child.kill(signal);
        await gone;
      }
      return child.exitCode ?? child.signalCode ?? 'SIGKILL';
    },
  };
}
