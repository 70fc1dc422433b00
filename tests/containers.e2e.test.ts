import { afterAll, beforeAll, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { parseEnv } from 'node:util';
import { readComposeFile } from '../containers/compose-file.ts';
import { freePort } from '../engines/ports.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join } from './person.ts';
import { asking, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

/*
 * The containers without Docker: each service's command, with what docker-compose.yml and the service `secrets` tell it
 * and nothing else. Only names of hosts become ports of this machine, and the engines are those of the tests.
 */
const container = joinPath(import.meta.dirname, '../bin/container.ts');
const engines = /(DATABASE_URL|DATABASE_REPLICA_URL|REDIS_URL|KAFKA_BROKERS)$/;
const { services } = readComposeFile();
const running: ChildProcess[] = [];
let database: TestDatabase;
let secrets: string;
let printed = '';
/** Of a service and port in the file, the port here. */
const ports = new Map<string, number>();

beforeAll(async () => {
  database = await testDatabase();
  secrets = mkdtempSync(joinPath(tmpdir(), 'roost-secrets-'));
  execFileSync(process.execPath, [container, 'secrets'], { env: { SECRETS_DIR: secrets } });
  for (const place of Object.keys(services).flatMap((name) => [`${name}:9000`, ...listening(name)]))
    ports.set(place, await freePort([...ports.values()]));
});
afterAll(async () => {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.filter(({ exitCode }) => exitCode === null).map((child) => once(child, 'exit')));
  rmSync(secrets, { recursive: true });
  await database.drop();
}, 60_000);

/** As the URLs in the file say. */
const listening = (name: string): string[] =>
  [...JSON.stringify(services).matchAll(/\/\/([\w-]+:\d+)/g)]
    .map(([, place = '']) => place)
    .filter((place) => place.startsWith(`${name}:`));

const hereNow = (text: string) =>
  text.replace(/\/\/([\w-]+:\d+)/, (whole, place: string) =>
    ports.has(place) ? `//127.0.0.1:${ports.get(place)}` : whole,
  );

function environmentOf(name: string): NodeJS.ProcessEnv {
  const told = {
    ...parseEnv(readFileSync(joinPath(secrets, name, 'environment'), 'utf8')),
    ...services[name]?.environment,
  };
  const adapted = Object.entries(told).map(([variable, value]) => [
    variable,
    engines.test(variable) ? database.env[variable] : hereNow(String(value)),
  ]);
  const [place] = listening(name);
  const port =
    place === undefined
      ? {}
      : { [name === 'gateway' ? 'PORT' : `${name.toUpperCase()}_PORT`]: String(ports.get(place)) };
  return {
    ...Object.fromEntries(adapted),
    ...port,
    // As the Dockerfile says, and in a database of these tests.
    METRICS_PORT: String(ports.get(`${name}:9000`)),
    KAFKA_TOPIC_PREFIX: database.env.KAFKA_TOPIC_PREFIX,
    REDIS_KEY_PREFIX: database.env.REDIS_KEY_PREFIX,
    MAIL_FOLDER: database.env.MAIL_FOLDER,
    LOG_LEVEL: 'warn',
  };
}

async function startService(name: string): Promise<void> {
  const child = spawn(process.execPath, [container, ...(services[name]?.command ?? [])], {
    env: environmentOf(name),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const state = await until(`${name} is ready`, async () => {
    if (child.exitCode !== null) return 'ended';
    const answer = await fetch(`http://127.0.0.1:${ports.get(`${name}:9000`)}/health/ready`);
    return answer.ok && 'ready';
  });
  if (state === 'ended') throw new Error(`${name} ended:\n${printed}`);
}

it('have all that they need to bring a tweet from one person to another', async () => {
  const processes = Object.entries(services).flatMap(([name, { image }]) =>
    image === 'roost' && !['secrets', 'migrate', 'demo', 'crowd', 'web'].includes(name) ? [name] : [],
  );
  await Promise.all(processes.map(startService));
  const origin = `http://127.0.0.1:${ports.get('gateway:4000')}`;
  const supergraph: Pick<TestSupergraph, 'origin' | 'ask'> = { origin, ask: asking(origin) };
  const [ada, bob] = await Promise.all([join(supergraph, 'ada'), join(supergraph, 'bob')]);
  await bob.follow(ada);
  await using opened = new AsyncDisposableStack();
  const stream = opened.adopt(await bob.watch(), (own) => own.close());
  const id = await ada.post('From container to container');
  await until('it came', () => stream.added().some(({ node }) => node?.id === id));
}, 120_000);
