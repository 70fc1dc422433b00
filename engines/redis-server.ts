import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasApt, unpackPackages } from './apt.ts';
import { type Command, run } from './command.ts';
import { cached } from './data-folder.ts';
import { EngineUnavailable } from './engine.ts';
import { hasMaven, unpackArtifact } from './maven.ts';

/** Where a server may come from, in the order in which they are tried. */
export const redisWays = ['path', 'debian', 'jar'] as const;
export type RedisWay = (typeof redisWays)[number];

export interface RedisServer {
  file: string;
  env: NodeJS.ProcessEnv;
  major: number;
}

/** The scripts need nothing newer; the jar's servers are 6.2. */
const oldest = { major: 6, minor: 2 };

/**
 * A Redis or Valkey server to run: this machine's, else Debian's package unpacked into the cache folder, else the one in
 * a jar from Maven Central. Rejects with EngineUnavailable when there is none.
 */
export async function findRedisServer(
  cacheDir: string,
  report: (fetching: string) => void,
  signal: AbortSignal,
  ways: readonly RedisWay[] = redisWays,
): Promise<RedisServer> {
  const fetch = {
    path: async () => (await tryServer('redis-server', signal)) ?? (await tryServer('valkey-server', signal)),
    debian: async () => {
      if (!hasApt()) return null;
      const unpack = (folder: string) => {
        report("Debian's package, unpacked into the cache folder");
        return unpackPackages(['redis-server', 'redis-tools'], folder, signal);
      };
      const folder = await cached(cacheDir, `redis-debian-${process.arch}`, unpack);
      const server = await tryServer(join(folder, 'usr/bin/redis-server'), signal, await libraryPath(folder));
      // of another release, perhaps, whose libraries this machine lost since: fetch it anew next time
      if (server === null) await rm(folder, { recursive: true });
      return server;
    },
    jar: async () => {
      if (!hasMaven()) return null;
      const folder = await cached(cacheDir, 'redis-jar-1.4.3', (into) => {
        report('a jar from Maven Central');
        return unpackArtifact('com.github.codemonstur:embedded-redis:1.4.3', into, signal);
      });
      const name = serverInJar(await readdir(folder), process.platform, process.arch);
      if (name === null) return null;
      await chmod(join(folder, name), 0o755);
      return tryServer(join(folder, name), signal);
    },
  } satisfies Record<RedisWay, () => Promise<RedisServer | null>>;
  for (const way of ways) {
    const server = await fetch[way]().catch(() => null);
    signal.throwIfAborted();
    if (server !== null) return server;
  }
  throw new EngineUnavailable(
    'Redis 6.2 or newer is needed and could not be fetched: install redis-server or valkey-server (Debian: apt-get install redis-server, macOS: brew install redis), or set REDIS_URL to one that runs.',
  );
}

/** The name of the jar's server for a machine, as `redis-server-6.2.6-v5-linux-amd64`; null when it has none. */
export function serverInJar(names: readonly string[], platform: string, arch: string): string | null {
  const suffix = `-${platform}-${arch === 'x64' ? 'amd64' : arch}`;
  return names.find((name) => name.startsWith('redis-server-6.') && name.endsWith(suffix)) ?? null;
}

async function tryServer(file: string, signal: AbortSignal, libraries?: string): Promise<RedisServer | null> {
  const env = libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
  const command: Command = { file, args: ['--version'], env };
  const printed = await run(command, signal).catch(() => '');
  const [, major, minor] = (/ v=(\d+)\.(\d+)/.exec(printed) ?? []).map(Number);
  if (major === undefined || minor === undefined) return null;
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) return null;
  return { file, env, major };
}

/** Debian puts libraries into a folder per architecture: `usr/lib/x86_64-linux-gnu`. */
async function libraryPath(root: string): Promise<string> {
  const folders: string[] = [];
  for (const lib of ['usr/lib', 'lib']) {
    const names = await readdir(join(root, lib)).catch(() => []);
    folders.push(...names.filter((name) => name.includes('-linux-')).map((name) => join(root, lib, name)));
  }
  return folders.join(':');
}
