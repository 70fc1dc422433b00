import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig } from '../platform/process/config.ts';
import { childEnvironment, loadSecrets, subgraphs, type Subgraph } from './secrets.ts';

/*
 * Makes the secrets of docker-compose.yml the first time, and gives each service a folder with what it may know: its
 * container sees no other. The hosts in the URLs are names of services.
 */
const { SECRETS_DIR: folder } = loadConfig(z.object({ SECRETS_DIR: z.string().default('/secrets') }));

const passwords = {
  postgres: password('postgres/password'),
  replica: password('postgres/replica-password'),
  redis: password('redis/password'),
  web: password('web/key'),
};
const databaseUrl = `postgresql://postgres:${passwords.postgres}@postgres:5432/roost`;
const urls = {
  databaseUrl,
  databaseReplicaUrl: databaseUrl.replace('@postgres:', '@replica:'),
  redisUrl: `redis://:${passwords.redis}@redis:6379`,
  kafkaBrokers: 'kafka:9092',
};
const all: NodeJS.ProcessEnv = {
  ...childEnvironment(urls, loadSecrets(folder), {}),
  DATABASE_URL: databaseUrl,
  WEB_ADDRESS_KEY: passwords.web,
};

write('replica/password', passwords.replica);
write(
  'redis/redis.conf',
  `requirepass ${passwords.redis}\nappendonly yes\nsave ""\nmaxmemory-policy volatile-lru\n`,
);
const prefixes = subgraphs.map((name) => name.toUpperCase());
tell('gateway', ['REDIS_URL', 'WEB_ADDRESS_KEY', ...prefixes.map((prefix) => `${prefix}_ASSERTION_KEY`)]);
tell('web', ['WEB_ADDRESS_KEY']);
tell('migrate', ['DATABASE_URL', ...prefixes.map((prefix) => `${prefix}_DATABASE_URL`)]);
tell('demo', ['DATABASE_URL']);
tell('crowd', ['TWEET_DATABASE_URL', 'TWEET_ASSERTION_KEY', 'TIMELINE_ASSERTION_KEY']);
const replica = (prefix: string) => `${prefix}_DATABASE_REPLICA_URL`;
tellSubgraph('user', [replica('USER'), 'REDIS_URL', 'SESSION_SIGNING_KEY'], ['REDIS_URL']);
tellSubgraph('tweet', [replica('TWEET'), 'REDIS_URL'], ['REDIS_URL']);
tellSubgraph('follow', ['REDIS_URL']);
tellSubgraph('timeline', ['REDIS_URL'], ['REDIS_URL']);

function tellSubgraph(name: Subgraph, more: string[], workerMore: string[] = []): void {
  const databaseVariable = `${name.toUpperCase()}_DATABASE_URL`;
  tell(name, [databaseVariable, `${name.toUpperCase()}_ASSERTION_KEY`, ...more]);
  tell(`${name}-worker`, [databaseVariable, ...workerMore]);
}

function tell(service: string, variables: string[]): void {
  write(`${service}/environment`, variables.map((name) => `${name}=${all[name]}\n`).join(''));
}

/** The one that was made the first time. */
function password(file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
    return write(file, randomBytes(32).toString('base64url'));
  }
}

/** Readable, because the users of other images have other numbers; what protects it is who mounts the folder. */
function write(file: string, text: string): string {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), text, { mode: 0o644 });
  return text;
}
