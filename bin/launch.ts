import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import {
  EngineUnavailable,
  startEngines,
  type EngineOptions,
  type RunningEngines,
} from '../engines/engines.ts';
import { DEMO_PASSWORD, DEMO_USERNAME, hasDemoAccounts } from '../demo/account.ts';
import { printProgress } from '../engines/progress.ts';
import { isLoopback, loadAddresses, type Addresses } from '../platform/process/addresses.ts';
import { ConfigError } from '../platform/process/config.ts';
import type { Running } from '../platform/process/run.ts';
import { migrate } from '../prisma/migrate.ts';
import { claim, reset, root } from './data-folder.ts';
import { generate } from './generated.ts';
import { residentMemory } from './memory.ts';
import { isReady, partsOf, type PickPort } from './parts.ts';
import { choosePort } from './ports.ts';
import { childEnvironment, loadSecrets } from './secrets.ts';
import { seconds, step } from './steps.ts';
import { supervise } from './supervisor.ts';
import { builtWeb, chooseWebAddress, webPart, type WebMode } from './web-part.ts';

export const launchFlags = ['no-demo', 'no-web', 'reset', 'expose-demo', 'distributed'] as const;
export type LaunchFlags = Record<(typeof launchFlags)[number], boolean>;

/** Requests are finished, then work in hand, then Kafka and Postgres write what they hold. */
export const stopGraceMs = 60_000;

export interface Launched extends Running {
  /** Starts all but the engines and the web client again, on the code as it is now. */
  restart(): void;
}

/**
 * Everything that `npm start` runs, in the order in which one part needs the other; `stop` undoes it in reverse, the
 * engines last. Resolves when all of it is ready. Rejects, having stopped what it started, when a step fails or
 * `stopping` aborts.
 */
export async function launch(
  flags: LaunchFlags,
  env: NodeJS.ProcessEnv,
  stopping: AbortSignal,
  webMode: WebMode = 'built',
): Promise<Launched> {
  const began = performance.now();
  const dataDir = join(root, '.roost');
  await using stack = new AsyncDisposableStack();

  const lock = claim(dataDir);
  stack.defer(() => lock.release());
  const exposed = flags['expose-demo'];
  const withWeb = !flags['no-web'];
  const { addresses, ports } = await chooseAddresses(env, { demo: !flags['no-demo'], exposed, withWeb });
  if (flags.reset) {
    reset(dataDir);
    console.log(`Everything in ${relative(process.cwd(), dataDir) || dataDir} was deleted.`);
  }

  console.log('Starting Roost');
  const written = await generate({ all: false, signal: stopping });
  if (written.length > 0) console.log(`Generated: ${written.join(', ')}`);
  // Beside the engines, which mostly wait.
  const building = new AbortController();
  stack.defer(() => building.abort());
  const built = withWeb ? builtWeb(webMode, building.signal) : Promise.resolve('');
  built.catch(() => undefined);
  const engines = await bringUp({ dataDir, env, report: printProgress(process.stdout), signal: stopping });
  stack.defer(() => engines.stop());
  stopping.throwIfAborted();

  const secrets = loadSecrets(dataDir);
  const adminUrl = engines.urls.databaseUrl;
  await step(
    'database',
    () => migrate({ adminUrl, rolePasswords: secrets.rolePasswords }),
    (applied) => (applied.length > 0 ? `${applied.length} migrations applied` : 'up to date'),
  );
  stopping.throwIfAborted();
  const childEnv = {
    MAIL_FOLDER: join(dataDir, 'mail'),
    ...childEnvironment(engines.urls, secrets, env),
    ...ports,
  };
  if (!flags['no-demo']) {
    await step('demo data', () =>
      runToEnd('demo/main.ts', { ...childEnv, DATABASE_URL: adminUrl }, stopping),
    );
  }
  // Without the flag, too, demo accounts of an earlier start may be there.
  const demo = await hasDemoAccounts(adminUrl);
  if (demo && flags['no-demo']) {
    console.log('  The demo accounts of an earlier start are still there; --reset would remove them.');
  }
  childEnv.DEMO = demo ? '1' : '0';
  loadAddresses(childEnv);
  stopping.throwIfAborted();

  const shape = flags.distributed ? 'distributed' : 'one-process';
  const parts = await partsOf(shape, childEnv, portPicker(env, Object.values(ports).map(Number)));
  if (withWeb) {
    await step(
      'web client',
      () => unlessAborted(built, stopping),
      (done) => done,
    );
    parts.push(webPart({ ...env, ...ports, DEMO: childEnv.DEMO }, webMode));
  }
  const running = parts.map((part) => ({
    ...part,
    ...supervise(part.name, {
      spawn: () => startScript(part.script, part.env),
      isReady: () => isReady(part),
    }),
  }));
  const stopAll = async (facesClients: boolean) => {
    await Promise.all(
      running.filter((part) => part.facesClients === facesClients).map((part) => part.stop()),
    );
  };
  stack.defer(() => stopAll(false));
  stack.defer(() => stopAll(true));
  await unlessAborted(Promise.all(running.map(({ name, ready }) => step(name, () => ready))), stopping);

  console.log(`Ready in ${seconds(performance.now() - began)}.\n`);
  tellWhere(addresses, { demo, withWeb, mails: env['SMTP_URL'] ? null : childEnv.MAIL_FOLDER });
  const started = stack.move();
  return {
    restart: () => running.filter((part) => part.name !== 'web').forEach((part) => part.restart()),
    stop: () => started.disposeAsync(),
  };
}

/** Engines that cannot run here say why in a sentence, which is all that a person needs. */
async function bringUp(options: EngineOptions): Promise<RunningEngines> {
  try {
    return await startEngines(options);
  } catch (err) {
    if (err instanceof EngineUnavailable) throw new ConfigError(err.message, { cause: err });
    throw err;
  }
}

/** What PORT and WEB_PORT ask for or the next free ones, and the variables that tell the children so. */
async function chooseAddresses(
  env: NodeJS.ProcessEnv,
  { demo, exposed, withWeb }: { demo: boolean; exposed: boolean; withWeb: boolean },
) {
  const told = { ...env, DEMO: demo ? '1' : '0', EXPOSE_DEMO: exposed ? '1' : '0' };
  const { host } = loadAddresses(told);
  const port = await choosePort('PORT', env['PORT'], host, 4000);
  if (!env['PORT'] && port !== 4000) console.log(`Port 4000 is in use, so the gateway takes ${port}.`);
  const metricsPort = await choosePort('METRICS_PORT', env['METRICS_PORT'], '127.0.0.1', port + 5_000);
  const ports = {
    DEMO: told.DEMO,
    EXPOSE_DEMO: told.EXPOSE_DEMO,
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    ...(withWeb && (await chooseWebAddress(env, host, new Set([port, metricsPort])))),
  };
  return { addresses: loadAddresses({ ...env, ...ports }), ports };
}

/** For the processes behind the gateway. A variable of `env` decides; none of `given` is picked. */
function portPicker(env: NodeJS.ProcessEnv, given: number[]): PickPort {
  const picked = new Set(given);
  return async (variable, preferred) => {
    const port = await choosePort(variable, env[variable], '127.0.0.1', preferred, picked);
    picked.add(port);
    return port;
  };
}

function startScript(script: string, env: NodeJS.ProcessEnv) {
  // kafkajs sets timers to moments that have passed, and Node would say so on the terminal.
  return spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', join(root, script)], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function runToEnd(script: string, env: NodeJS.ProcessEnv, stopping: AbortSignal): Promise<void> {
  const child = startScript(script, env);
  const stop = () => child.kill('SIGTERM');
  stopping.addEventListener('abort', stop);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  stopping.removeEventListener('abort', stop);
  if (code !== 0) throw new Error(`${script} ended with ${signal ?? `exit code ${code}`}.`);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new Error('stopped while starting'));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function tellWhere(
  { publicUrl, port }: Addresses,
  { demo, withWeb, mails }: { demo: boolean; withWeb: boolean; mails: string | null },
): void {
  const memory = residentMemory().map(({ program, processes, megabytes }) => {
    const several = processes > 1 ? ` (${processes})` : '';
    return `${program}${several} ${Math.round(megabytes)} MB`;
  });
  // The web has it under its own origin, too; on this machine the gateway is a door of its own.
  const gateway = isLoopback(publicUrl.hostname) ? `http://localhost:${port}` : publicUrl.origin;
  if (withWeb) console.log(`  Web                     ${publicUrl.origin}`);
  console.log(`  GraphQL and playground  ${gateway}/graphql`);
  if (demo) console.log(`  Sign in                 as ${DEMO_USERNAME}, password ${DEMO_PASSWORD}`);
  if (mails !== null)
    console.log(
      `  Mails                   ${relative(process.cwd(), mails) || mails} (sent when SMTP_URL is set)`,
    );
  console.log(`  Resident memory         ${memory.join(', ')}`);
  console.log('\nCtrl-C stops everything.');
}
