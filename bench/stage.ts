import { join } from 'node:path';
import { claim, reset, root } from '../bin/data-folder.ts';
import { generate } from '../bin/generated.ts';
import { step } from '../bin/steps.ts';
import { DEMO_PASSWORD } from '../demo/account.ts';
import { loadDemo } from '../demo/load.ts';
import { startEngines } from '../engines/engines.ts';
import { freePort } from '../engines/ports.ts';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';
import { startSupergraph, type TestSupergraph } from '../tests/supergraph.ts';

/** What is measured on: engines, the demo data without its ticker, and the supergraph as one process. */
export interface Stage {
  supergraph: TestSupergraph;
  database: TestDatabase;
  /** Where the supergraph lets itself be profiled. */
  inspectorPort: number;
  /** Milliseconds until the supergraph was ready: from an empty folder, and again after a stop of all. */
  readyAfterMs: { first: number; second: number };
  /** Aborts when the run is to end. */
  signal: AbortSignal;
  /** A token of a demo person. */
  signIn(username: string): Promise<string>;
}

/**
 * Engines run in a folder of their own that begins empty; those that the environment names are used instead, with a
 * database and prefixes of its own. Everything ends, and the database goes, with the stack.
 */
export async function openStage(stack: AsyncDisposableStack, signal: AbortSignal): Promise<Stage> {
  const dataDir = join(root, '.roost-bench');
  const lock = claim(dataDir);
  stack.defer(() => lock.release());
  reset(dataDir);
  await generate({ all: false, signal });

  const env = { ...process.env };
  const startAllEngines = () =>
    step('engines', () => startEngines({ dataDir, env, report: () => undefined, signal }));

  const beganFirst = performance.now();
  let engines = await startAllEngines();
  stack.defer(() => engines.stop());
  Object.assign(process.env, {
    DATABASE_URL: engines.urls.databaseUrl,
    DATABASE_REPLICA_URL: engines.urls.databaseReplicaUrl,
    REDIS_URL: engines.urls.redisUrl,
    KAFKA_BROKERS: engines.urls.kafkaBrokers,
  });
  const database = await step('database', testDatabase);
  stack.defer(() => database.drop());
  await step('demo data', () => loadDemo({ adminUrl: database.adminUrl }));
  const inspectorPort = await freePort([]);
  const told = {
    ...database.env,
    DEMO: '0',
    RATE_LIMIT_SCALE: '1000000',
    NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort}`,
  };
  const supergraph = await step('supergraph', () => startSupergraph(told));
  stack.defer(async () => void (await supergraph.kill('SIGTERM')));
  const first = performance.now() - beganFirst;

  await step('stop', async () => {
    await supergraph.kill('SIGTERM');
    await engines.stop();
  });
  signal.throwIfAborted();

  const beganSecond = performance.now();
  engines = await startAllEngines();
  await step('supergraph', supergraph.start);
  const second = performance.now() - beganSecond;

  return {
    supergraph,
    database,
    inspectorPort,
    readyAfterMs: { first, second },
    signal,
    signIn: async (login) => {
      const { data, errors } = await supergraph.ask<SignedIn | null>(SIGN_IN, {
        login,
        password: DEMO_PASSWORD,
      });
      const token = data?.signIn?.tokens?.accessToken;
      if (token === undefined) throw new Error(`${login} could not sign in: ${JSON.stringify(errors)}`);
      return token;
    },
  };
}

const SIGN_IN = `mutation ($login: String!, $password: String!) {
  signIn(input: { login: $login, password: $password, wantsToken: true }) { tokens { accessToken } }
}`;

interface SignedIn {
  signIn: { tokens: { accessToken: string } | null } | null;
}
