import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLog } from '../../platform/process/log.ts';
import { keepHouse } from './housekeeping.ts';
import { aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';

const log = createLog('test');

let stores: TweetStores;
beforeAll(async () => {
  stores = await openTweetStores();
});
afterAll(() => stores.close());

const keep = () => keepHouse(stores.database.primary, log, new AbortController().signal);
const count = async (sql: string) =>
  (await stores.admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n;

it('forgets keys after a day, and not before', async () => {
  await aTweet(stores.tweets);
  await aTweet(stores.tweets);
  await stores.admin.query(
    `UPDATE tweets.idempotency_keys SET created_at = now() - interval '25 hours' WHERE ctid =
      (SELECT min(ctid) FROM tweets.idempotency_keys)`,
  );
  await keep();
  expect(await count('tweets.idempotency_keys')).toBe(1);
});

it('forgets more keys than fit a statement, some at a time', async () => {
  await stores.admin.query(`
    CREATE FUNCTION refuse_many() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF (SELECT count(*) FROM gone) > 10000 THEN RAISE 'too many at once'; END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER refuse_many AFTER DELETE ON tweets.idempotency_keys REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_many();
    INSERT INTO tweets.idempotency_keys (author_id, key, request_hash, tweet_id, created_at)
      SELECT 1, 'k' || n, '', n, now() - interval '25 hours' FROM generate_series(1, 20001) n`);
  await keep();
  expect(await count(`tweets.idempotency_keys WHERE created_at < now() - interval '24 hours'`)).toBe(0);
});

it('makes the partition that is missing, moves stray rows into it, and may do so again', async () => {
  const tweet = await aTweet(stores.tweets);
  const { rows } = await stores.admin.query<{ name: string }>(
    `SELECT tableoid::regclass::text AS name FROM tweets.entries WHERE id = $1`,
    [tweet.id],
  );
  const partition = rows[0]?.name ?? '';
  await stores.admin.query(`CREATE TEMP TABLE kept AS SELECT * FROM ${partition}`);
  await stores.admin.query(`DROP TABLE ${partition}`);
  await stores.admin.query(`INSERT INTO tweets.entries SELECT * FROM kept`);
  expect(await count('tweets.entries_default')).toBeGreaterThan(0);
  await keep();
  await keep();
  expect(await count('tweets.entries_default')).toBe(0);
  expect(await stores.tweets.byIds([tweet.id], null)).toEqual([tweet]);
});

it('leaves it to the process that is at it', async () => {
  await stores.admin.query(`SELECT pg_advisory_lock(hashtext('tweets.housekeeping'))`);
  await stores.admin.query(`UPDATE tweets.idempotency_keys SET created_at = now() - interval '25 hours'`);
  const before = await count('tweets.idempotency_keys');
  await keep();
  expect(await count('tweets.idempotency_keys')).toBe(before);
  await stores.admin.query(`SELECT pg_advisory_unlock(hashtext('tweets.housekeeping'))`);
  await keep();
  expect(await count('tweets.idempotency_keys')).toBe(0);
});
