import pg from 'pg';
import { z } from 'zod';
import { ConfigError, loadConfig, url } from '../platform/process/config.ts';
import { findFaults } from '../subgraphs/follow/counter-drift.ts';
import { counterDrift } from '../subgraphs/tweet/counter-drift.ts';

/** Prints every counter that does not say what the rows say; exit code 1 when there are any. Changes nothing. */
async function main(): Promise<void> {
  const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: url('postgres', 'postgresql') }));
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 1, application_name: 'roost check' });
  try {
    const drifted = (await counterDrift(pool)).map(({ counter, ...rest }) => ({ fault: counter, ...rest }));
    const faults = [...drifted, ...(await findFaults(pool))];
    for (const { fault, id, counted, rows } of faults)
      console.log(counted === null ? `${fault}: ${id}` : `${fault} of ${id}: ${counted}, but ${rows} rows`);
    console.log(faults.length === 0 ? 'All counters are exact.' : `${faults.length} faults.`);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

try {
  await main();
} catch (err) {
  console.error(err instanceof ConfigError ? err.message : err);
  process.exitCode = 1;
}
