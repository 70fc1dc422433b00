import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { ConfigError, loadConfig, url } from '../platform/process/config.ts';
import { findFaults } from '../subgraphs/follow/counter-drift.ts';
import { counterDrift } from '../subgraphs/tweet/counter-drift.ts';
import { root } from './data-folder.ts';
import { loadSecrets } from './secrets.ts';

// Compares every counter with the rows that it stands for: those of tweets and of follows. Prints what does not agree,
// one line each, and then exits with 1. Reads whole tables, in one snapshot a subgraph: nothing has to stop for it.

const settings = z.object({
  TWEET_DATABASE_URL: url('postgres', 'postgresql'),
  FOLLOW_DATABASE_URL: url('postgres', 'postgresql'),
});

/** Unless told otherwise, the databases that `npm start` runs from this checkout. */
function settingsOfStart(): NodeJS.ProcessEnv {
  const dataDir = join(root, '.roost');
  const engines = join(dataDir, 'engines.json');
  if (!existsSync(engines)) return {};
  const state = z.object({ ports: z.record(z.string(), z.number()) });
  const { ports } = state.parse(JSON.parse(readFileSync(engines, 'utf8')));
  const { rolePasswords } = loadSecrets(dataDir);
  const of = (name: 'tweet' | 'follow') =>
    `postgres://roost_${name}:${rolePasswords[name]}@127.0.0.1:${ports['postgres']}/roost`;
  return { TWEET_DATABASE_URL: of('tweet'), FOLLOW_DATABASE_URL: of('follow') };
}

async function inSnapshot<T>(connectionString: string, read: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, application_name: 'roost check-counters' });
  await client.connect();
  try {
    // Whole tables take longer than anybody else may.
    await client.query('SET statement_timeout = 0; SET transaction_timeout = 0');
    return await read(client);
  } finally {
    await client.end();
  }
}

try {
  const config = loadConfig(settings, { ...settingsOfStart(), ...process.env });
  const drift = await inSnapshot(config.TWEET_DATABASE_URL, counterDrift);
  const faults = await inSnapshot(config.FOLLOW_DATABASE_URL, findFaults);
  const lines = [
    ...drift.map(
      ({ counter, id, counted, rows }) => `tweets: ${counter} of ${id} is ${counted}, of ${rows} rows`,
    ),
    ...faults.map(({ fault, id, counted, rows }) =>
      rows === null
        ? `follows: ${fault}: ${id}`
        : `follows: ${fault} of ${id} is ${counted}, of ${rows} rows`,
    ),
  ];
  console.log(lines.length === 0 ? 'Every counter says what its rows say.' : lines.join('\n'));
  process.exitCode = lines.length === 0 ? 0 : 1;
} catch (err) {
  if (!(err instanceof ConfigError)) throw err;
  console.error(err.message);
  process.exitCode = 1;
}
