import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../tests/databases.ts';
import { detourTo } from '../tests/detour.ts';
import { until } from '../tests/until.ts';
import { connectDatabase, type Database } from './postgres.ts';
import { createLog } from './process/log.ts';
import { registry } from './process/metrics.ts';

describe('a database with a replica', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.drop());

  const connect = (replicaUrl: string, name: string): Database =>
    connectDatabase({ url: test.env.USER_DATABASE_URL, replicaUrl, name, log: createLog('test') });
  const told = async (name: string) => {
    const { values } = (await registry.getSingleMetric('roost_replica_in_pool')?.get()) ?? { values: [] };
    return values.find(({ labels }) => labels['reader'] === name)?.value;
  };

  it('lets it answer reads once it is known to be near, but not for somebody who just wrote', async () => {
    const database = connect(test.env.USER_DATABASE_REPLICA_URL, 'near');
    await until('the replica is in the pool', async () => (await told('near')) === 1);
    const reader = database.reader({ readsOwnWrites: false });
    const { rows } = await reader.query<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica');
    expect(rows).toEqual([{ replica: true }]);
    expect(database.reader({ readsOwnWrites: true })).toBe(database.primary);
    await database.close();
  });

  it('asks the primary, and says so in its metrics, while the replica is not known to be near', async () => {
    // The primary itself is no replica: it has no WAL receiver.
    const database = connect(test.env.USER_DATABASE_URL, 'cut off');
    expect(await told('cut off')).toBe(0);
    expect(database.reader({ readsOwnWrites: false })).toBe(database.primary);
    await database.close();
  });

  it('asks the primary once the replica says nothing any more', async () => {
    const detour = await detourTo(test.env.USER_DATABASE_REPLICA_URL);
    await detour.open();
    const database = connect(detour.url, 'frozen');
    await until('the replica is in the pool', async () => (await told('frozen')) === 1);
    detour.freeze();
    await until('the replica has left the pool', async () => (await told('frozen')) === 0);
    detour.thaw();
    await database.close();
    await detour.close();
  });
});
