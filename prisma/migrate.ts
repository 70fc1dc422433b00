import pg from 'pg';
import { applyMigrations } from './apply-migrations.ts';
import { openRoles, type RoleName } from './roles.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);

/** Quarters of entries that exist beyond the present one: a start a year ago still has a partition for today. */
const QUARTERS_AHEAD = 4;

export interface MigrateOptions {
  /** Signs in as one who may create schemas and roles. */
  adminUrl: string;
  /** Printable ASCII. Roles are shared by all databases of the server. */
  rolePasswords: Record<RoleName, string>;
}

/**
 * Brings a database up to this code: migrations, each subgraph's role and password, partitions ahead. Returns the names
 * of the migrations that were applied now. Safe to repeat and to run in several processes at once.
 *
 * Rejects with a sentence when the database is newer than the code, or a migration failed or was edited
 * (see `applyMigrations`); rejects as `pg` does when the server or the database is not there.
 */
export async function migrate({ adminUrl, rolePasswords }: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'roost migrate' });
  // A broken connection rejects the query it breaks; without a listener it would also end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const applied = await applyMigrations(client, MIGRATIONS);
    await openRoles(client, rolePasswords);
    await client.query('SELECT tweets.ensure_entry_partitions($1)', [QUARTERS_AHEAD]);
    return applied;
  } finally {
    await client.end();
  }
}
