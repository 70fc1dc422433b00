import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { run } from './command.ts';
import type { DataFolder } from './data-folder.ts';
import { type Engine, EngineUnavailable } from './engine.ts';
import { postgresProgram, postgresStopSignal } from './postgres-program.ts';
import { reap } from './processes.ts';

const major = 18;
export const database = 'roost';
export const superuser = 'roost';

export interface PrimaryEngine extends Engine {
  /** Of the launch that was prepared last; a superuser's. */
  url(): string;
  port(): number;
  home: string;
}

/** The Postgres primary. Durable: what it acknowledged is on the disk. */
export function primaryEngine(folder: DataFolder, stopping: AbortSignal): PrimaryEngine {
  const home = join(folder.path, 'postgres', 'primary');
  let port = 0;
  const urlOf = (name: string) => postgresUrl(folder, port, name);
  return {
    name: 'postgres',
    stopSignal: postgresStopSignal,
    startTimeoutMs: 300_000,
    home,
    port: () => port,
    url: () => urlOf(database),
    async prepare() {
      const program = await postgresProgram(join(folder.path, 'postgres'));
      if (existsSync(home)) refuseOtherMajor(home);
      else await initialise();
      await program.own(home);
      await clearPostmasterPid(home);
      port = await folder.port('postgres');
      return program.server(['-D', home, '-p', String(port), ...settings]);

      /** Under another name first: killed half-way, it is made anew. */
      async function initialise(): Promise<void> {
        const fresh = `${home}.new`;
        const passwordFile = join(folder.path, 'postgres', 'password');
        await rm(fresh, { recursive: true, force: true });
        await mkdir(fresh, { mode: 0o700 });
        await program.own(fresh);
        await writeFile(passwordFile, folder.passwords.postgres, { mode: 0o600 });
        await program.own(passwordFile);
        const args = [
          '-D',
          fresh,
          '-U',
          superuser,
          `--pwfile=${passwordFile}`,
          '-A',
          'scram-sha-256',
          '-E',
          'UTF8',
        ];
        // Unicode's rules whatever locales the machine has
        const locale = [
          '--locale=C',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--no-instructions',
        ];
        try {
          await run(program.initdb([...args, ...locale]), stopping);
        } finally {
          await rm(passwordFile);
        }
        await rename(fresh, home);
      }
    },
    async answers() {
      const [found] = await query(urlOf('postgres'), `select from pg_database where datname = '${database}'`);
      if (found === undefined) await query(urlOf('postgres'), `create database ${database}`);
      return true;
    },
  };
}

/** Both servers': the replica must allow no fewer connections than the primary. */
export const settings = Object.entries({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // short statements, for which compiling costs more than it saves
  jit: 'off',
  random_page_cost: 1.1,
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  max_wal_senders: 10,
  max_replication_slots: 10,
  // a replica that stays away longer loses its slot, and is cloned anew
  max_slot_wal_keep_size: '2GB',
  hot_standby: 'on',
  hot_standby_feedback: 'on',
  wal_retrieve_retry_interval: '500ms',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

export const postgresUrl = (folder: DataFolder, port: number, name: string): string =>
  `postgresql://${superuser}:${folder.passwords.postgres}@127.0.0.1:${port}/${name}`;

/** One statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // a server that goes down meanwhile says so by an event, too
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Ends a server that was left behind on this data. Its pid file is removed when its pid now is another program's: the
 * new server would believe that it is the old one and refuse to start.
 */
export const clearPostmasterPid = (home: string): Promise<void> =>
  reap(join(home, 'postmaster.pid'), home, postgresStopSignal, 20_000);

function refuseOtherMajor(home: string): void {
  const written = readFileSync(join(home, 'PG_VERSION'), 'utf8').trim();
  if (written === String(major)) return;
  throw new EngineUnavailable(
    `${home} was written by Postgres ${written}, and this is Postgres ${major}: use the version of Roost that wrote it, or start with --reset to throw the data away.`,
  );
}
