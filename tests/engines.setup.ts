import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lockName, reset, root, userOf } from '../bin/data-folder.ts';
import { acquireLock } from '../bin/lock.ts';
import { startEngines } from '../engines/engines.ts';
import { progressLine } from '../engines/progress.ts';
import { ensureTemplate } from './databases.ts';

/** Where `engines.teardown.ts`, and the next run while jest watches, find what this started. */
export const held = globalThis as typeof globalThis & { roostTestEngines?: { stop(): Promise<void> } };

/**
 * Runs once before all integration and end-to-end tests: gives their workers the URLs of engines, by the variables
 * that say so everywhere, and the name of the template database. URLs that the environment already has are used.
 * The engines' folder begins empty each time, so that what a killed run left behind changes nothing.
 */
export default async function setup(): Promise<void> {
  held.roostTestEngines ??= await bringUp();
  process.env['TEST_TEMPLATE_DATABASE'] = await ensureTemplate(process.env['DATABASE_URL'] ?? '');
}

async function bringUp(): Promise<{ stop(): Promise<void> }> {
  const dataDir = join(root, '.roost-test');
  const { env } = process;
  const allGiven = env['DATABASE_URL'] && env['REDIS_URL'] && env['KAFKA_BROKERS'];
  const release = allGiven ? () => {} : await takeTurn(dataDir);
  try {
    const engines = await startEngines({
      dataDir,
      env,
      report: (progress) => {
        if (progress.state !== 'starting') console.error(progressLine(progress));
      },
    });
    Object.assign(env, {
      DATABASE_URL: engines.urls.databaseUrl,
      DATABASE_REPLICA_URL: engines.urls.databaseReplicaUrl,
      REDIS_URL: engines.urls.redisUrl,
      KAFKA_BROKERS: engines.urls.kafkaBrokers,
    });
    return {
      stop: async () => {
        await engines.stop();
        release();
      },
    };
  } catch (err) {
    release();
    throw err;
  }
}

/** Another test run in this checkout is waited for, and so are the engines of one that was killed. */
async function takeTurn(dataDir: string): Promise<() => void> {
  for (let told = false; ; told = true) {
    const lock = acquireLock(join(dataDir, lockName));
    if (lock.held && userOf(dataDir) === undefined) {
      reset(dataDir);
      return () => lock.release();
    }
    if (lock.held) lock.release();
    const user = lock.held ? userOf(dataDir) : lock.pid;
    if (!told && user !== undefined) console.error(`Waiting for process ${user}, which uses ${dataDir}.`);
    await delay(300);
  }
}
