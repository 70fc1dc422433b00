import { expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase } from '../../tests/databases.ts';
import { until } from '../../tests/until.ts';
import { createExecutor } from '../executor.ts';
import { startTweetSubgraph } from './tweet-subgraph.ts';
import { startTweetWorker } from './tweet-worker.ts';

it('starts with its worker, posts, hands the event to Kafka, and stops with nothing left open', async () => {
  const test = await testDatabase();
  const admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  const worker = await startTweetWorker(test.env);
  const subgraph = await startTweetSubgraph({ ...test.env, PUBLIC_URL: 'http://localhost:3000' }, worker);
  try {
    await subgraph.ready();
    const answer = await createExecutor(subgraph).execute(
      {
        query: `mutation { createTweet(input: { text: "Hello", idempotencyKey: "k" }) { tweet { id url } errors { __typename } } }`,
      },
      {
        caller: {
          viewer: { userId: '1', sessionId: '2' },
          address: '127.0.0.1',
          userAgent: null,
          readsOwnWrites: false,
        },
        setCookie: () => undefined,
      },
    );
    expect(answer).toMatchObject({
      data: {
        createTweet: {
          tweet: { url: expect.stringMatching(/^http:\/\/localhost:3000\/tweets\/\d+$/) },
          errors: [],
        },
      },
    });
    // The relay deletes what Kafka has acknowledged.
    const isEmpty = async () => (await admin.query('SELECT FROM tweets.outbox')).rowCount === 0;
    await until('the outbox is empty', isEmpty, 40_000);
  } finally {
    await subgraph.stop();
    await worker.stop();
    await admin.end();
    await test.drop();
  }
});
