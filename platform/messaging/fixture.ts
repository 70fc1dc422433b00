import pg from 'pg';
import { testDatabase } from '../../tests/databases.ts';
import { until as untilSo } from '../../tests/until.ts';
import type { EventDefinition } from '../events/define-event.ts';
import type { TweetPosted } from '../events/tweet-posted.ts';
import { createLog } from '../process/log.ts';
import type { KafkaOptions } from './kafka.ts';
import { outboxRow } from './outbox.ts';

/** For tests: a tweet subgraph's outbox in a database, and topics, of the calling file's own. */
export interface Fixture {
  adminUrl: string;
  /** As the tweet subgraph signs in. */
  databaseUrl: string;
  pool: pg.Pool;
  kafka: KafkaOptions;
  log: ReturnType<typeof createLog>;
  /** One row in a statement of its own. */
  write<T>(event: EventDefinition<T>, data: T): Promise<void>;
  outboxIsEmpty(): Promise<boolean>;
  drop(): Promise<void>;
}

export async function messagingFixture(): Promise<Fixture> {
  const { adminUrl, env, drop } = await testDatabase();
  const databaseUrl = env['TWEET_DATABASE_URL'];
  if (databaseUrl === undefined) throw new Error('The test database has no URL for the tweet subgraph');
  const pool = new pg.Pool({ connectionString: databaseUrl });
  return {
    adminUrl,
    databaseUrl,
    pool,
    kafka: {
      brokers: (env['KAFKA_BROKERS'] ?? '').split(','),
      clientId: 'roost-test',
      topicPrefix: env.KAFKA_TOPIC_PREFIX,
    },
    log: createLog('test'),
    write: async (event, data) => {
      const { topic, key, name, payload } = outboxRow(event, data);
      await pool.query('INSERT INTO tweets.outbox (topic, key, name, payload) VALUES ($1, $2, $3, $4)', [
        topic,
        key,
        name,
        payload,
      ]);
    },
    outboxIsEmpty: async () => (await pool.query('SELECT FROM tweets.outbox LIMIT 1')).rowCount === 0,
    drop: async () => {
      await pool.end();
      await drop();
    },
  };
}

export const aTweet = (tweetId: number, authorId: number): TweetPosted => ({
  tweetId: String(tweetId),
  authorId: String(authorId),
  inReplyToId: null,
  inReplyToAuthorId: null,
  conversationId: null,
  quotedId: null,
  quotedAuthorId: null,
  postedAtMs: 0,
});

/** Resolves when the condition holds. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> =>
  void (await untilSo(`it holds that ${condition.toString()}`, condition));
