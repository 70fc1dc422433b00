import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { DataFolder } from './data-folder.ts';
import type { Engine, Report } from './engine.ts';
import { findRedisServer } from './redis-server.ts';

export interface RedisEngine extends Engine {
  /** Of the launch that was prepared last. */
  url(): string;
}

/** Redis with an append-only file, written to disk every second: what it holds can be made again from Postgres. */
export function redisEngine(
  folder: DataFolder,
  cacheDir: string,
  report: Report,
  stopping: AbortSignal,
): RedisEngine {
  let port = 0;
  const url = () => `redis://:${folder.passwords.redis}@127.0.0.1:${port}`;
  return {
    name: 'redis',
    stopSignal: 'SIGTERM',
    startTimeoutMs: 120_000,
    url,
    async prepare() {
      const server = await findRedisServer(cacheDir, (what) => report('installing', what), stopping);
      port = await folder.port('redis');
      // a folder per major version: an older server refuses, or overlooks, the files of a newer one
      const home = join(folder.path, 'redis', String(server.major));
      await mkdir(home, { recursive: true, mode: 0o700 });
      const config = join(home, 'redis.conf');
      await writeFile(config, configuration(home, port, folder.passwords.redis), { mode: 0o600 });
      return { file: server.file, args: [config], env: server.env };
    },
    async answers() {
      const client = new Redis(url(), {
        lazyConnect: true,
        retryStrategy: () => null,
        maxRetriesPerRequest: 0,
      });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.ping()) === 'PONG';
      } finally {
        client.disconnect();
      }
    },
  };
}

const configuration = (home: string, port: number, password: string) => `bind 127.0.0.1
port ${port}
requirepass ${password}
dir "${home}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
daemonize no
# the process keeps the command line by which a later start knows it
set-proc-title no
`;
