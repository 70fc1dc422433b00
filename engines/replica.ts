import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { DataFolder } from './data-folder.ts';
import type { Engine, Report } from './engine.ts';
import {
  clearPostmasterPid,
  database,
  postgresUrl,
  type PrimaryEngine,
  query,
  settings,
  superuser,
} from './postgres.ts';
import { postgresProgram, postgresStopSignal } from './postgres-program.ts';

const slot = 'roost_replica';

export interface ReplicaEngine extends Engine {
  /** Of the launch that was prepared last; a superuser's, as everything of the primary's. */
  url(): string;
}

/**
 * A streaming replica. It is cloned from the primary when it is not there, when its slot is gone or has lost what it
 * needed (then nothing leads from its state to the primary's), and when it fails to come up twice.
 * @param primaryReady resolves when the primary answers
 */
export function replicaEngine(
  folder: DataFolder,
  primary: PrimaryEngine,
  primaryReady: Promise<void>,
  report: Report,
): ReplicaEngine {
  const home = join(folder.path, 'postgres', 'replica');
  let port = 0;
  const url = () => postgresUrl(folder, port, database);
  return {
    name: 'replica',
    stopSignal: postgresStopSignal,
    startTimeoutMs: 60_000,
    url,
    async prepare() {
      await primaryReady;
      const program = await postgresProgram(join(folder.path, 'postgres'));
      if (existsSync(home)) await clearPostmasterPid(home);
      if (!existsSync(home) || !(await slotIsWhole(primary.url()))) {
        report('starting', 'copying the primary');
        await rm(home, { recursive: true, force: true });
        await renewSlot(primary.url());
        await clone(primary, `${home}.new`);
        await rename(`${home}.new`, home);
      }
      await writeFile(
        join(home, 'postgresql.auto.conf'),
        standby(primary.port(), folder.passwords.postgres),
        {
          mode: 0o600,
        },
      );
      await program.own(home);
      port = await folder.port('replica');
      return program.server(['-D', home, '-p', String(port), ...settings]);
    },
    async answers() {
      const [here] = await query(url(), 'select pg_is_in_recovery() as recovering');
      const [there] = await query(
        primary.url(),
        `select from pg_stat_replication where application_name = '${slot}' and state = 'streaming'`,
      );
      return here?.['recovering'] === true && there !== undefined;
    },
    mend: () => rm(home, { recursive: true, force: true }),
  };
}

/** In a file and not among the arguments, where everybody could read the password. */
const standby = (port: number, password: string) =>
  `primary_conninfo = 'host=127.0.0.1 port=${port} user=${superuser} password=${password} application_name=${slot}'
primary_slot_name = '${slot}'
`;

async function slotIsWhole(primaryUrl: string): Promise<boolean> {
  const [found] = await query(
    primaryUrl,
    `select from pg_replication_slots where slot_name = '${slot}' and wal_status <> 'lost'`,
  );
  return found !== undefined;
}

/** A new slot keeps all WAL from now on, so nothing that the copy needs can go while it is made. */
async function renewSlot(primaryUrl: string): Promise<void> {
  await query(
    primaryUrl,
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${slot}'`,
  );
  await query(primaryUrl, `select pg_create_physical_replication_slot('${slot}', true)`);
}

/** A base backup by SQL and copying, as pg_basebackup is not in the package. The primary may be written to meanwhile. */
async function clone(primary: PrimaryEngine, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  // the backup lives and ends with this connection
  const client = new pg.Client({ connectionString: primary.url() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select pg_backup_start('${slot}', fast => true)`);
    await copyFolder(primary.home, target, '');
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    await writeFile(join(target, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 });
    await writeFile(join(target, 'standby.signal'), '', { mode: 0o600 });
  } finally {
    await client.end();
  }
}

/** Kept as empty folders: their content belongs to the running server, or comes by streaming. */
const contentStays = new Set(
  [
    'pg_replslot',
    'pg_dynshmem',
    'pg_notify',
    'pg_serial',
    'pg_snapshots',
    'pg_stat_tmp',
    'pg_subtrans',
    'pg_wal',
  ].map((name) => `/${name}`),
);
const left = /^(postmaster\.(pid|opts)|pgsql_tmp.*|pg_internal\.init)$/;

async function copyFolder(from: string, to: string, inside: string): Promise<void> {
  await mkdir(to + inside, { recursive: true, mode: 0o700 });
  if (contentStays.has(inside)) return;
  for (const entry of await readdir(from + inside, { withFileTypes: true })) {
    if (left.test(entry.name)) continue;
    const path = `${inside}/${entry.name}`;
    if (entry.isDirectory()) await copyFolder(from, to, path);
    else await unlessGone(copyFile(from + path, to + path));
  }
}

/** A table dropped while its files are copied is dropped again when the WAL is replayed. */
async function unlessGone(copying: Promise<void>): Promise<void> {
  await copying.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
