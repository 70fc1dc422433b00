import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { connectDatabase, type Database } from '../../platform/postgres.ts';
import { createLog } from '../../platform/process/log.ts';
import { connectPrisma } from '../../prisma/connect.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { counting } from '../../tests/statements.ts';
import { createLoaders } from './loaders.ts';
import { createUserStore, type UserStore } from './user-store.ts';

const READ = { readsOwnWrites: false };

describe('the user store', () => {
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;
  let prisma: ReturnType<typeof connectPrisma>;

  beforeAll(async () => {
    test = await testDatabase();
    admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    await admin.query(
      `INSERT INTO users.users (id, username, display_name) SELECT n, 'u' || n, 'U' FROM generate_series(1, 20000) n`,
    );
    await admin.query(
      `INSERT INTO users.username_claims (username, user_id) SELECT 'u' || n, n FROM generate_series(1, 20000) n`,
    );
    await admin.query(`UPDATE users.users SET deactivated_at = now() WHERE id = 20000`);
    await admin.query('ANALYZE users.users, users.username_claims');
    await test.replicated();
    database = connectDatabase({
      url: test.env.USER_DATABASE_URL,
      replicaUrl: test.env.USER_DATABASE_REPLICA_URL,
      name: 'test',
      log: createLog('test'),
    });
    prisma = connectPrisma({ connectionString: test.env.USER_DATABASE_URL });
  });
  afterAll(async () => {
    await Promise.all([database.close(), prisma.$disconnect(), admin.end()]);
    await test.drop();
  });

  it('loads a page of 20 people by one statement, in the order asked', async () => {
    const { database: counted, statements } = counting(database);
    const loaders = createLoaders(createUserStore(counted, prisma), { readsOwnWrites: true });
    const ids = Array.from({ length: 20 }, (_, n) => String(40 - n));
    const users = await loaders.users.loadMany([...ids, '40']);
    expect(users.map((user) => user !== null && 'id' in user && user.id)).toEqual([...ids, '40']);
    expect(statements()).toBe(1);
  });

  it('has no deactivated accounts, and none that never were', async () => {
    const users = createUserStore(database, prisma);
    expect(await users.byIds(['20000', '20001', '9223372036854775807'], READ)).toEqual([null, null, null]);
    expect(await users.byClaim('u20000')).toBeNull();
    expect(await users.byClaim('u7')).toMatchObject({ id: '7' });
  });

  it('asks the primary for whom the replica has not heard of', async () => {
    const emptyYet = await testDatabase();
    const replica = connectDatabase({
      url: emptyYet.env.USER_DATABASE_URL,
      name: 'test',
      log: createLog('test'),
    });
    const users = createUserStore({ ...database, reader: () => replica.primary }, prisma);
    expect(await users.byIds(['7', '8'], READ)).toMatchObject([{ id: '7' }, { id: '8' }]);
    await replica.close();
    await emptyYet.drop();
  });

  it.each([
    ['people by ids', (users: UserStore) => users.byIds(['7'], READ), ['7'], /^users_p\d$/],
    ['a person by name', (users: UserStore) => users.byClaim('u7'), 'u7', /^(users|username_claims)_p\d$/],
  ] as const)(
    'looks for %s only into the partition that can hold a row',
    async (_, look, value, expected) => {
      let statement = '';
      const recording = new Proxy(database.primary, {
        get: (pool, name) => (config: { text: string }) => {
          if (name === 'query') statement = config.text;
          return pool.query(config);
        },
      });
      await look(createUserStore({ ...database, primary: recording, reader: () => recording }, prisma));

      // What a prepared statement ends up with: a plan made without its values.
      await admin.query(`SET plan_cache_mode = force_generic_plan`);
      await admin.query(`PREPARE hot AS ${statement}`);
      const literal = typeof value === 'string' ? value : `{${value.join()}}`;
      const { rows } = await admin.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, COSTS off, TIMING off, BUFFERS off) EXECUTE hot ('${literal}')`,
      );
      await admin.query('DEALLOCATE hot');
      const plan = rows.map((row) => row['QUERY PLAN']);
      const read = plan.flatMap((line) =>
        line.includes('never executed') ? [] : (/(?<!Function) Scan.* on (\w+)/.exec(line)?.[1] ?? []),
      );
      const tables = new Set(read.map((table) => table.replace(/_p\d$/, '')));
      expect(read.filter((table) => !expected.test(table))).toEqual([]);
      expect(read).toHaveLength(tables.size);
    },
  );
});
