import pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { connectDatabase, type Database } from '../../platform/postgres.ts';
import { createLog } from '../../platform/process/log.ts';
import { testDatabase, type TestDatabase } from '../../tests/databases.ts';
import { createStores, type Stores } from './stores.ts';
import { composeTweet, type NewTweet, type ReplyPolicy, type Tweet } from './tweet.ts';
import type { TweetStore } from './tweet-store.ts';

/** The stores of the tweet subgraph on a database of their own, where accounts 1 to 300 stand. */
export interface TweetStores extends Stores {
  admin: pg.Client;
  env: TestDatabase['env'];
  database: Database;
  /** How often the outbox was said to have something new. */
  wakes(): number;
  /** What the events of the outbox are called, oldest first. */
  told(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openTweetStores(): Promise<TweetStores> {
  const test = await testDatabase();
  const admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  await admin.query(
    `INSERT INTO users.users (id, username, display_name) SELECT n, 'u' || n, 'U' || n FROM generate_series(1, 300) AS n`,
  );
  const database = connectDatabase({
    url: test.env.TWEET_DATABASE_URL,
    name: 'test',
    max: 20,
    log: createLog('test'),
  });
  let wakes = 0;
  const stores = createStores({
    database,
    withNewIds: createNewIds(database.primary, 'tweets'),
    wake: () => {
      wakes += 1;
    },
  });
  return {
    ...stores,
    admin,
    env: test.env,
    database,
    wakes: () => wakes,
    told: async () => {
      const { rows } = await admin.query<{ name: string }>('SELECT name FROM tweets.outbox ORDER BY id');
      return rows.map(({ name }) => name);
    },
    close: async () => {
      await database.close();
      await admin.end();
      await test.drop();
    },
  };
}

let keys = 0;

export const aNewTweet = (given: Partial<NewTweet> = {}): NewTweet => ({
  text: 'Terns are back on the roof.',
  inReplyToId: null,
  quotedId: null,
  replyPolicy: 'EVERYONE',
  language: null,
  idempotencyKey: `key ${(keys += 1)}`,
  ...given,
});

interface GivenTweet {
  authorId?: Id;
  parent?: Tweet | null;
  quoted?: Tweet | null;
  text?: string;
  replyPolicy?: ReplyPolicy;
}

/** A tweet that is posted; a reply when `parent` is given, a quote when `quoted` is. */
export async function aTweet(
  tweets: TweetStore,
  { authorId = '1', parent = null, quoted = null, ...given }: GivenTweet = {},
): Promise<Tweet> {
  const input = aNewTweet({ inReplyToId: parent?.id ?? null, quotedId: quoted?.id ?? null, ...given });
  const composed = composeTweet(input, authorId, { parent, quoted });
  if (composed.type !== 'composed') throw new Error('refused');
  const posted = await tweets.post(composed.draft, input);
  if (posted.type !== 'posted') throw new Error(posted.type);
  return posted.tweet;
}

/** Edges between people, which other subgraphs write. */
export const relations = (admin: pg.Client) => ({
  follow: (follower: Id, followee: Id) =>
    admin.query(
      `WITH f AS (INSERT INTO follows.followers (followee_id, follower_id) VALUES ($2, $1))
       INSERT INTO follows.following (follower_id, followee_id) VALUES ($1, $2)`,
      [follower, followee],
    ),
  block: (blocker: Id, blocked: Id) =>
    admin.query('INSERT INTO follows.blocks (blocker_id, blocked_id) VALUES ($1, $2)', [blocker, blocked]),
  unblock: (blocker: Id, blocked: Id) =>
    admin.query('DELETE FROM follows.blocks WHERE blocker_id = $1 AND blocked_id = $2', [blocker, blocked]),
  protect: (userId: Id, isProtected = true) =>
    admin.query('UPDATE users.users SET is_protected = $2 WHERE id = $1', [userId, isProtected]),
  deactivate: (userId: Id) =>
    admin.query('UPDATE users.users SET deactivated_at = now() WHERE id = $1', [userId]),
});
