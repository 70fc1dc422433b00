import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EngineUrls } from '../engines/engines.ts';

export const subgraphs = ['user', 'tweet', 'follow', 'timeline'] as const;
export type Subgraph = (typeof subgraphs)[number];

const perSubgraph = z.object({
  user: z.string(),
  tweet: z.string(),
  follow: z.string(),
  timeline: z.string(),
});
const secretsFile = z.object({
  rolePasswords: perSubgraph,
  /** What the gateway signs its assertion to each subgraph with: 32 bytes as base64url. */
  assertionKeys: perSubgraph,
  /** Ed25519, PKCS8, base64. */
  sessionSigningKey: z.string(),
});

export type Secrets = z.infer<typeof secretsFile>;

type DatabaseVariable = `${Uppercase<Subgraph>}_DATABASE_${'' | 'REPLICA_'}URL`;
type KeyVariable = `${Uppercase<Subgraph>}_ASSERTION_KEY` | 'SESSION_SIGNING_KEY';
export type ChildEnvironment = NodeJS.ProcessEnv &
  Record<DatabaseVariable | KeyVariable | 'REDIS_URL' | 'KAFKA_BROKERS', string>;

export function generateSecrets(): Secrets {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    rolePasswords: forEach(randomKey),
    assertionKeys: forEach(randomKey),
    sessionSigningKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
}

/**
 * The secrets of a data folder, made the first time and readable by their owner only. Throws when the file is there
 * but not what this code writes: replacing it would lock every role out of the database and end every session.
 */
export function loadSecrets(dataDir: string): Secrets {
  const path = join(dataDir, 'secrets.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ENOENT') throw err;
    return write(path, generateSecrets());
  }
  try {
    return secretsFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged, or newer than this code.`, { cause });
  }
}

/**
 * What a child process is told: `env`, completed by a database URL per subgraph (its own role, on the admin URL's
 * server and database), the engines' addresses and the keys. What `env` already says wins; the admin's own URLs are
 * left out, since no child may act as the admin.
 */
export function childEnvironment(
  urls: EngineUrls,
  secrets: Secrets,
  env: NodeJS.ProcessEnv,
): ChildEnvironment {
  const produced: Record<string, string> = {
    REDIS_URL: urls.redisUrl,
    KAFKA_BROKERS: urls.kafkaBrokers,
    SESSION_SIGNING_KEY: secrets.sessionSigningKey,
  };
  for (const name of subgraphs) {
    const prefix = name.toUpperCase();
    const password = secrets.rolePasswords[name];
    produced[`${prefix}_DATABASE_URL`] = asRole(urls.databaseUrl, name, password);
    produced[`${prefix}_DATABASE_REPLICA_URL`] = asRole(urls.databaseReplicaUrl, name, password);
    produced[`${prefix}_ASSERTION_KEY`] = secrets.assertionKeys[name];
  }
  const given = Object.entries(env).filter(
    ([name, value]) => value !== '' && name !== 'DATABASE_URL' && name !== 'DATABASE_REPLICA_URL',
  );
  return { ...produced, ...Object.fromEntries(given) } as ChildEnvironment;
}

function asRole(adminUrl: string, subgraph: Subgraph, password: string): string {
  const url = new URL(adminUrl);
  url.username = `roost_${subgraph}`;
  url.password = password;
  return url.href;
}

/** Whole or not at all, so that a crash half-way leaves no damaged file. */
function write(path: string, secrets: Secrets): Secrets {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return secrets;
}

const randomKey = () => randomBytes(32).toString('base64url');

const forEach = (make: () => string) => ({ user: make(), tweet: make(), follow: make(), timeline: make() });
