import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  childEnvironment,
  generateSecrets,
  subgraphs,
  type ChildEnvironment,
  type Secrets,
} from '../bin/secrets.ts';
import type { EngineUrls } from '../engines/engines.ts';
import { migrate } from '../prisma/migrate.ts';
import { until } from './until.ts';

export interface TestDatabase {
  /** The superuser's URL of this file's own database. */
  adminUrl: string;
  /** What a child process needs to run on it, on top of this process's environment; prefixes are this file's own. */
  env: ChildEnvironment & { KAFKA_TOPIC_PREFIX: string; REDIS_KEY_PREFIX: string; MAIL_FOLDER: string };
  /** Resolves when the replica has all that was written until now. */
  replicated(): Promise<void>;
  /** Ends whoever is still connected, and deletes it with its mails. */
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of the calling test file's own, on the primary and already on the replica. Call it in
 * `beforeAll`, and `drop` in `afterAll`. Takes some tens of milliseconds: it is a clone of the run's template.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const urls = engineUrls();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = process.env['TEST_TEMPLATE_DATABASE'] ?? (await ensureTemplate(urls.databaseUrl));
  const replicated = () =>
    asAdmin(urls.databaseUrl, async (client) => {
      const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_lsn() AS lsn');
      await replayed(urls.databaseReplicaUrl, rows[0]?.lsn ?? '0/0');
    });
  await asAdmin(urls.databaseUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  await replicated();
  const own: EngineUrls = {
    ...urls,
    databaseUrl: withDatabase(urls.databaseUrl, name),
    databaseReplicaUrl: withDatabase(urls.databaseReplicaUrl, name),
  };
  const mailFolder = join(tmpdir(), `roost-mail-${name}`);
  return {
    adminUrl: own.databaseUrl,
    env: {
      ...process.env,
      ...childEnvironment(own, testSecrets(urls.databaseUrl), {}),
      KAFKA_TOPIC_PREFIX: `${name}.`,
      REDIS_KEY_PREFIX: `${name}:`,
      MAIL_FOLDER: mailFolder,
      // Tests do in a second what takes people an hour; those of limits set their own.
      RATE_LIMIT_SCALE: '10000',
    },
    replicated,
    drop: async () => {
      await asAdmin(urls.databaseUrl, async (client) => {
        // A pool says that it has ended a moment before its connections have: cut off then, their error is nobody's.
        await until('all have left', () => hasLeft(client, name), LEAVE_WITHIN_MS).catch(() => undefined);
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      });
      rmSync(mailFolder, { recursive: true, force: true });
    },
  };
}

/**
 * The name of a migrated database to clone, made unless it is there. The name tells the migrations and the month
 * (partitions are made ahead from the day of the migration), so runs share one until either changes.
 */
export async function ensureTemplate(adminUrl: string): Promise<string> {
  const name = `roost_template_${migrationsHash()}`;
  await asAdmin(adminUrl, async (client) => {
    // Also serialises the roles' passwords, which belong to the whole server.
    await client.query(`SELECT pg_advisory_lock(hashtext('roost_template'))`);
    // Finished ones refuse connections, which also keeps autovacuum out of the way of cloning.
    const { rows } = await client.query<{ unfinished: boolean }>(
      'SELECT datallowconn AS unfinished FROM pg_database WHERE datname = $1',
      [name],
    );
    if (rows[0]?.unfinished === false) return;
    if (rows[0]) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
    await migrate({
      adminUrl: withDatabase(adminUrl, name),
      rolePasswords: testSecrets(adminUrl).rolePasswords,
    });
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  });
  return name;
}

function engineUrls(): EngineUrls {
  const url = (name: string) => {
    const value = process.env[name];
    if (!value)
      throw new Error(
        `${name} is missing: run integration tests with "npm test", or give the URLs of engines.`,
      );
    return value;
  };
  return {
    databaseUrl: url('DATABASE_URL'),
    databaseReplicaUrl: url('DATABASE_REPLICA_URL'),
    redisUrl: url('REDIS_URL'),
    kafkaBrokers: url('KAFKA_BROKERS'),
  };
}

/** Roles belong to the server, not to a database: runs that share one must agree on the passwords without talking. */
function testSecrets(adminUrl: string): Secrets {
  const { password } = new URL(adminUrl);
  const derive = (name: string) => createHmac('sha256', password).update(name).digest('base64url');
  const rolePasswords = Object.fromEntries(subgraphs.map((name) => [name, derive(name)]));
  return { ...generateSecrets(), rolePasswords: rolePasswords as Secrets['rolePasswords'] };
}

function migrationsHash(): string {
  const folder = join(import.meta.dirname, '../prisma/migrations');
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 7));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

async function replayed(replicaUrl: string, lsn: string): Promise<void> {
  await asAdmin(replicaUrl, async (client) => {
    await until('the replica has all that was written', async () => {
      const { rows } = await client.query<{ done: boolean }>(
        `SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= $1::pg_lsn AS done`,
        [lsn],
      );
      return rows[0]?.done;
    });
  });
}

const LEAVE_WITHIN_MS = 500;

async function hasLeft(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1', [
    database,
  ]);
  return rowCount === 0;
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
