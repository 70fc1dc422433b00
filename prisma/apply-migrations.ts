import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

/** Prisma's lock, so that `prisma migrate deploy` and this never run at once on one database. */
const MIGRATION_LOCK = 72_707_369;

/** As Prisma's engine creates it. */
const CREATE_BOOKS = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface Entry {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/**
 * Applies what the database does not have yet, oldest first, and keeps Prisma's books of it. Returns the names applied.
 *
 * Each migration runs in one transaction with its row in the books: a crash leaves neither, and the next run starts it
 * again. So a migration may not hold what Postgres refuses in a transaction, as CREATE INDEX CONCURRENTLY.
 *
 * Rejects, having applied nothing, when the books hold a failed migration, one whose file was edited since, or one that
 * `folder` does not know. Rejects when a migration fails; those before it stay, it is recorded as failed and blocks the
 * next run. Waits while another run holds the lock; `client` keeps it until it is closed.
 */
export async function applyMigrations(client: pg.ClientBase, folder: URL): Promise<string[]> {
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  await client.query(CREATE_BOOKS);
  const { rows: books } = await client.query<Entry>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const migrations = await readMigrations(folder);
  refuseTroubledBooks(books, migrations);

  const applied = new Set(books.map((entry) => entry.migration_name));
  const missing = migrations.filter(({ name }) => !applied.has(name));
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(new URL(`${name}/migration.sql`, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

function refuseTroubledBooks(books: Entry[], migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, finished_at } of books) {
    if (finished_at === null) {
      throw new Error(
        `Migration ${name} failed in this database before, so nothing was applied. Its reason is in the column logs ` +
          `of _prisma_migrations. Mend the reason, see that nothing of the migration was left behind, and let it run ` +
          `again with: prisma migrate resolve --rolled-back ${name}`,
      );
    }
    const migration = known.get(name);
    if (migration === undefined) {
      throw new Error(
        `This database has the migration ${name}, which this version of Roost does not know: the database is newer ` +
          `than the code. Run the version that migrated it, or restore a backup from before.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new Error(
        `Migration ${name} was edited after it was applied to this database. Restore the file as it was, and put ` +
          `the change into a new migration.`,
      );
    }
  }
}

async function apply(client: pg.ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  const startedAt = new Date();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`,
      [id, checksum, name, startedAt],
    );
    await client.query('COMMIT');
  } catch (cause) {
    // A connection that broke is not the migration's fault: Postgres rolled back, the next run starts it again.
    if (!(cause instanceof pg.DatabaseError) || cause.severity === 'FATAL') throw cause;
    const reason = cause.message;
    await client.query('ROLLBACK');
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, logs) VALUES ($1, $2, $3, $4, $5)',
      [id, checksum, name, startedAt, reason],
    );
    throw new Error(`Migration ${name} failed and was rolled back: ${reason}`, { cause });
  }
}
