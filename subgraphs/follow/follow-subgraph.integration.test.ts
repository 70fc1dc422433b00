import { expect, it } from '@jest/globals';
import pg from 'pg';
import { AccountDeleted } from '../../platform/events/account-deleted.ts';
import { AccountProtectionChanged } from '../../platform/events/account-protection-changed.ts';
import { createPublisher } from '../../platform/messaging/publisher.ts';
import { createLog } from '../../platform/process/log.ts';
import { testDatabase } from '../../tests/databases.ts';
import { until } from '../../tests/until.ts';
import { createExecutor } from '../executor.ts';
import { startFollowSubgraph } from './follow-subgraph.ts';
import { startFollowWorker } from './follow-worker.ts';

it('starts with its worker, hears of accounts that open or end, and stops with nothing left open', async () => {
  const test = await testDatabase();
  const admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  await admin.query(
    `INSERT INTO users.users (id, username, display_name, is_protected) SELECT n, 'u' || n, 'U', n = 2 FROM generate_series(1, 3) n`,
  );
  const worker = await startFollowWorker(test.env);
  const subgraph = await startFollowSubgraph(test.env, worker);
  const kafka = {
    brokers: (test.env.KAFKA_BROKERS ?? '').split(','),
    clientId: 'roost-test',
    topicPrefix: test.env.KAFKA_TOPIC_PREFIX,
  };
  const publisher = createPublisher(kafka, createLog('test'));
  const caller = {
    viewer: { userId: '1', sessionId: '2' },
    address: '127.0.0.1',
    userAgent: null,
    readsOwnWrites: false,
  };
  const follow = (userId: string) =>
    createExecutor(subgraph).execute(
      {
        query: `mutation { followUser(input: { userId: "${userId}" }) { followRequest { id } follower { followingCount } errors { __typename } } }`,
      },
      { caller, setCookie: () => undefined },
    );
  const rows = async (table: string) => (await admin.query(`SELECT FROM follows.${table}`)).rowCount ?? 0;
  try {
    await subgraph.ready();
    expect(await follow('user_3')).toMatchObject({
      data: { followUser: { followRequest: null, follower: { followingCount: 1 }, errors: [] } },
    });
    expect(await follow('user_2')).toMatchObject({
      data: { followUser: { followRequest: { id: expect.stringMatching(/^request_/) }, errors: [] } },
    });

    await admin.query('UPDATE users.users SET is_protected = false');
    await publisher.publish(AccountProtectionChanged, [{ userId: '2', isProtected: false }]);
    await until('who waits follows', async () => (await rows('following')) === 2);
    expect(await rows('follow_requests')).toBe(0);

    await admin.query('UPDATE users.users SET deactivated_at = now() WHERE id = 1');
    await publisher.publish(AccountDeleted, [{ userId: '1' }]);
    await until('its edges are gone', async () => (await rows('following')) === 0);
    // The relay deletes what Kafka has acknowledged.
    await until('all is told', async () => (await rows('outbox')) === 0);
  } finally {
    await publisher.close();
    await subgraph.stop();
    await worker.stop();
    await admin.end();
    await test.drop();
  }
});
