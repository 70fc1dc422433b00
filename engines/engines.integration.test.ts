import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { type EngineProgress, type EngineUrls, type RunningEngines, startEngines } from './engines.ts';
import { kafkaAnswers } from './kafka-ready.ts';
import { query } from './postgres.ts';
import { readPid } from './processes.ts';
import { findRedisServer } from './redis-server.ts';

/** Nothing of the environment that would give an engine instead of starting it. */
const env: NodeJS.ProcessEnv = Object.fromEntries(
  ['PATH', 'HOME', 'JAVA_HOME'].map((name) => [name, process.env[name]]),
);
const seconds = 1000;
const dataDir = mkdtempSync(join(tmpdir(), 'roost-engines-'));
const allProgress: EngineProgress[] = [];
const start = (given: NodeJS.ProcessEnv = {}) =>
  startEngines({ dataDir, env: { ...env, ...given }, report: (progress) => allProgress.push(progress) });
/** Saves the wait for a JVM where Kafka is not the point. */
const kafkaElsewhere = { KAFKA_BROKERS: '127.0.0.1:1' };

const pidFile = (engine: string) => join(dataDir, 'pids', engine);
const keeperFile = join(dataDir, 'keeper.pid');

/** Kills what a pid file names; never 0, which would be this test's own process group. */
function kill(file: string): void {
  const pid = readPid(file);
  if (pid === null) throw new Error(`${file} names no process`);
  process.kill(pid, 'SIGKILL');
}

/** The command lines of everything that runs on the data folder. */
function running(): string[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'command='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(dataDir));
}

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}

/** A process that brings the engines up and then waits, to be killed. */
async function startInChild(): Promise<{ child: ChildProcess; urls: EngineUrls }> {
  const script = `
    import { startEngines } from ${JSON.stringify(new URL('engines.ts', import.meta.url).href)};
    const { urls } = await startEngines({ dataDir: process.env.DATA_DIR, env: process.env, report() {} });
    console.log(JSON.stringify(urls));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // empty when the child ends without having started anything; stderr says why
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (printed: Buffer) => resolve(printed.toString()));
    child.once('exit', () => resolve(''));
  });
  return { child, urls: JSON.parse(line) as EngineUrls };
}

async function onRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true });
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the engines of an empty data folder', () => {
  let firstUrls: EngineUrls;

  it(
    'end when the process that brought them up is killed',
    async () => {
      const { child, urls } = await startInChild();
      firstUrls = urls;
      await query(urls.databaseUrl, 'create table written (what text)');
      await query(urls.databaseUrl, `insert into written values ('before the kill')`);
      await onRedis(urls.redisUrl, async (redis) => {
        await redis.set('written', 'before the kill');
      });
      // What Postgres forks is called as Postgres is, for a moment.
      await eventually(() => running().length === 5);

      child.kill('SIGKILL');
      await eventually(() => running().length === 0);
    },
    180 * seconds,
  );

  describe('started once more', () => {
    let engines: RunningEngines;

    beforeAll(async () => {
      engines = await start();
    }, 120 * seconds);
    afterAll(() => engines.stop(), 60 * seconds);

    async function expectAllWhole(): Promise<void> {
      const { databaseReplicaUrl, redisUrl, kafkaBrokers } = engines.urls;
      expect(await query(databaseReplicaUrl, 'select what from written')).toEqual([
        { what: 'before the kill' },
      ]);
      expect(await onRedis(redisUrl, (redis) => redis.get('written'))).toBe('before the kill');
      expect(await kafkaAnswers(kafkaBrokers)).toBe(true);
    }

    /** In one breath, as the replica takes its slot again within some 20 ms. */
    async function loseSlot(): Promise<void> {
      const lose = `select pg_terminate_backend(active_pid, 1000) from pg_replication_slots where active;
        select pg_drop_replication_slot(slot_name) from pg_replication_slots`;
      await eventually(() =>
        query(engines.urls.databaseUrl, lose).then(
          () => true,
          () => false,
        ),
      );
    }

    it(
      'answer where they did, with what was written',
      async () => {
        expect(engines.urls).toEqual(firstUrls);
        await expectAllWhole();
      },
      30 * seconds,
    );

    it(
      'are not started a second time beside themselves',
      async () => {
        await expect(start()).rejects.toThrow(`already runs on ${dataDir}`);
        await expectAllWhole();
      },
      30 * seconds,
    );

    it.each(['postgres', 'replica', 'redis', 'kafka'] as const)(
      'come back on the same port when %s is killed',
      async (engine) => {
        const killed = readPid(pidFile(engine));
        allProgress.length = 0;
        kill(pidFile(engine));
        await eventually(() =>
          allProgress.some((progress) => progress.engine === engine && progress.state === 'ready'),
        );
        expect(readPid(pidFile(engine))).not.toBe(killed);
        await expectAllWhole();
      },
      60 * seconds,
    );

    it.each([
      ['its slot is lost', loseSlot],
      ['its data are damaged', async () => rmSync(join(dataDir, 'postgres/replica/global/pg_control'))],
    ])(
      'copy the primary anew for the replica when %s',
      async (_what, harm) => {
        await harm();
        allProgress.length = 0;
        kill(pidFile('replica'));
        const ofReplica = () => allProgress.filter(({ engine }) => engine === 'replica');
        await eventually(() => ofReplica().some(({ state }) => state === 'ready'));
        expect(ofReplica().map(({ detail }) => detail)).toContain('copying the primary');
        await expectAllWhole();
      },
      60 * seconds,
    );

    it(
      'come back on the same ports when their keeper is killed',
      async () => {
        allProgress.length = 0;
        kill(keeperFile);
        const isBack = (engine: string) =>
          allProgress.some((progress) => progress.engine === engine && progress.state === 'ready');
        await eventually(() => ['postgres', 'replica', 'redis', 'kafka'].every(isBack));
        await expectAllWhole();
      },
      60 * seconds,
    );
  });

  it(
    'leave nothing behind, and start again, after the keeper was killed together with its parent',
    async () => {
      const { child } = await startInChild();
      // so that it can't answer the death of its keeper
      child.kill('SIGSTOP');
      kill(keeperFile);
      child.kill('SIGKILL');

      const engines = await start(kafkaElsewhere);
      expect(await query(engines.urls.databaseUrl, 'select what from written')).toHaveLength(1);
      await engines.stop();
      expect(running()).toEqual([]);
    },
    120 * seconds,
  );

  it(
    'start although pid files of a crash name somebody else',
    async () => {
      const stale = [pidFile('redis'), keeperFile, join(dataDir, 'postgres/primary/postmaster.pid')];
      for (const file of stale) writeFileSync(file, `${process.pid}\n`);
      const engines = await start(kafkaElsewhere);
      await engines.stop();
    },
    120 * seconds,
  );

  it(
    'are refused when a newer Postgres wrote the data',
    async () => {
      writeFileSync(join(dataDir, 'postgres', 'primary', 'PG_VERSION'), '19\n');
      await expect(start(kafkaElsewhere)).rejects.toThrow('was written by Postgres 19');
      expect(running()).toEqual([]);
    },
    60 * seconds,
  );
});

it(
  'find a Redis in a jar from Maven Central',
  async () => {
    const cacheDir = fileURLToPath(new URL('../.roost-cache', import.meta.url));
    const server = await findRedisServer(cacheDir, () => undefined, new AbortController().signal, ['jar']);
    expect(server).toMatchObject({ major: 6, file: expect.stringContaining('redis-server-6.2') });
  },
  60 * seconds,
);
