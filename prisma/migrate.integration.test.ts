import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';
import { applyMigrations } from './apply-migrations.ts';
import { migrate } from './migrate.ts';
import type { RoleName } from './roles.ts';

const ROOT = join(import.meta.dirname, '..');

let shared: TestDatabase;
let rolePasswords: Record<RoleName, string>;
let admin: pg.Client;
let adminUrl: string;
let database: string;
let folder: string;

// The roles are the whole server's: with other passwords, the other test files would be locked out.
beforeAll(async () => {
  shared = await testDatabase();
  const { env } = shared;
  rolePasswords = {
    user: new URL(env.USER_DATABASE_URL).password,
    tweet: new URL(env.TWEET_DATABASE_URL).password,
    follow: new URL(env.FOLLOW_DATABASE_URL).password,
    timeline: new URL(env.TIMELINE_DATABASE_URL).password,
  };
  admin = new pg.Client({ connectionString: shared.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await shared.drop();
});

beforeEach(async () => {
  database = `migrate_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${database}`);
  const url = new URL(shared.adminUrl);
  url.pathname = `/${database}`;
  adminUrl = url.href;
  folder = await mkdtemp(join(tmpdir(), 'roost-migrations-'));
});

afterEach(async () => {
  await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await rm(folder, { recursive: true });
});

async function inDatabase<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const rows = (sql: string) =>
  inDatabase(async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

const applyFolder = () => inDatabase((client) => applyMigrations(client, pathToFileURL(`${folder}/`)));

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

/** What Prisma's own CLI prints, on its wasm engine. Rejects when it exits with anything but 0. */
async function prisma(...args: string[]): Promise<string> {
  const cli = join(ROOT, 'node_modules/prisma/build/index.js');
  const env = {
    ...process.env,
    DATABASE_URL: adminUrl,
    PRISMA_SCHEMA_ENGINE_BINARY: 'prisma/schema-engine.mjs',
  };
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { cwd: ROOT, env });
  return stdout;
}

describe('migrate', () => {
  it('applies everything once, also when several start at once', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate({ adminUrl, rolePasswords })));
    expect(runs.map((applied) => applied.length).toSorted((a, b) => a - b)).toEqual([0, 0, 9]);
    expect(await migrate({ adminUrl, rolePasswords })).toEqual([]);
  });

  it('lets the roles sign in, with limits on what a session may hold on to', async () => {
    await migrate({ adminUrl, rolePasswords });
    const url = new URL(adminUrl);
    url.username = 'roost_tweet';
    url.password = rolePasswords.tweet;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows: limits } = await client.query(
      `SELECT current_setting('transaction_timeout') AS transaction_timeout`,
    );
    await client.end();
    expect(limits).toEqual([{ transaction_timeout: '1min' }]);
  });

  it('has the quarters of the year ahead', async () => {
    await migrate({ adminUrl, rolePasswords });
    const quarters = await rows(
      `SELECT to_regclass('tweets.entries_' || to_char(now() AT TIME ZONE 'UTC' + make_interval(months => 3 * ahead), 'YYYY"q"Q'))
         IS NOT NULL AS there FROM generate_series(0, 4) AS ahead`,
    );
    expect(quarters).toEqual(Array(5).fill({ there: true }));
  });

  it('refuses a password that drivers would disagree about, before the server sees it', async () => {
    await expect(
      migrate({ adminUrl, rolePasswords: { ...rolePasswords, user: 'schlüssel' } }),
    ).rejects.toThrow('printable ASCII');
  });
});

describe('the books', () => {
  it('keep a failed migration, whose statements are undone, and refuse to go on until it is resolved', async () => {
    await addMigration('1_good', 'CREATE TABLE good ()');
    await addMigration('2_bad', 'CREATE TABLE half (); SELECT nonsense');
    await addMigration('3_after', 'CREATE TABLE after ()');
    await expect(applyFolder()).rejects.toThrow(
      'Migration 2_bad failed and was rolled back: column "nonsense" does not exist',
    );
    await expect(applyFolder()).rejects.toThrow('prisma migrate resolve --rolled-back 2_bad');
    expect(await rows(`SELECT to_regclass('good') AS good, to_regclass('half') AS half`)).toEqual([
      { good: 'good', half: null },
    ]);
    expect(
      await rows(
        'SELECT migration_name, logs, finished_at FROM _prisma_migrations WHERE finished_at IS NULL',
      ),
    ).toEqual([{ migration_name: '2_bad', logs: 'column "nonsense" does not exist', finished_at: null }]);

    await prisma('migrate', 'resolve', '--rolled-back', '2_bad');
    await addMigration('2_bad', 'CREATE TABLE half ()');
    expect(await applyFolder()).toEqual(['2_bad', '3_after']);
  });

  it('refuse a migration that was edited after it was applied', async () => {
    await addMigration('1_first', 'CREATE TABLE first ()');
    await applyFolder();
    await appendFile(join(folder, '1_first/migration.sql'), '-- afterthought');
    await expect(applyFolder()).rejects.toThrow('Migration 1_first was edited after it was applied');
  });

  it('refuse a database that is newer than the code', async () => {
    await addMigration('1_first', 'CREATE TABLE first ()');
    await addMigration('2_tomorrow', 'CREATE TABLE tomorrow ()');
    await applyFolder();
    await rm(join(folder, '2_tomorrow'), { recursive: true });
    await expect(applyFolder()).rejects.toThrow('the database is newer than the code');
  });

  it('hold nothing of a run that broke off, so the next one starts the migration again', async () => {
    await addMigration('1_first', 'CREATE TABLE first (); SELECT pg_terminate_backend(pg_backend_pid())');
    const client = new pg.Client({ connectionString: adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    await expect(applyMigrations(client, pathToFileURL(`${folder}/`))).rejects.toThrow();
    await addMigration('1_first', 'CREATE TABLE first ()');
    expect(await applyFolder()).toEqual(['1_first']);
  });
});

describe('prisma migrate', () => {
  it('status and diff agree with what migrate applied', async () => {
    await migrate({ adminUrl, rolePasswords });
    expect(await prisma('migrate', 'status')).toContain('Database schema is up to date!');
    // Rejects on any difference, by --exit-code. Partitions are left out by the engine itself.
    const diff = await prisma(
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema',
      '--exit-code',
    );
    expect(diff).toContain('No difference detected');
  });

  it('diff sees a column that the schema does not have', async () => {
    await migrate({ adminUrl, rolePasswords });
    await rows('ALTER TABLE tweets.entries ADD COLUMN mood text');
    const diff = await prisma('migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema');
    expect(diff).toContain('Removed column `mood`');
  });

  it('deploy leaves nothing for migrate to do, and the same books', async () => {
    const books =
      'SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count FROM _prisma_migrations ORDER BY 1';
    const columns = `SELECT column_name, data_type, character_maximum_length, column_default, is_nullable
      FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`;
    await prisma('migrate', 'deploy');
    expect(await migrate({ adminUrl, rolePasswords })).toEqual([]);
    const [theirBooks, theirColumns] = [await rows(books), await rows(columns)];

    await rows('DROP TABLE _prisma_migrations; DROP SCHEMA users, tweets, follows, timelines CASCADE');
    await rows('DROP SCHEMA user_published, tweet_published, follow_published');
    await migrate({ adminUrl, rolePasswords });
    expect(await rows(books)).toEqual(theirBooks);
    expect(await rows(columns)).toEqual(theirColumns);
  });
});
