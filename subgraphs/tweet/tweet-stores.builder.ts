import pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import { connectDatabase, type Database } from '../../platform/postgres.ts';
import { createLog } from '../../platform/process/log.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { createListStore, type ListStore } from './list-store.ts';
import { createReactionStore, type ReactionStore } from './reaction-store.ts';
import { composeTweet, type NewTweet, type Tweet } from './tweet.ts';
import { createTweetStore, type TweetStore } from './tweet-store.ts';
import { testDatabase } from '../../tests/databases.ts';

/** The stores of the tweet subgraph on a database of their own. */
export interface TweetStores {
  admin: pg.Client;
  database: Database;
  tweets: TweetStore;
  reactions: ReactionStore;
  lists: ListStore;
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
  const database = connectDatabase({
    url: test.env.TWEET_DATABASE_URL,
    name: 'test',
    max: 20,
    log: createLog('test'),
  });
  let wakes = 0;
  const writing = {
    database,
    withNewIds: createNewIds(database.primary, 'tweets'),
    wake: () => {
      wakes += 1;
    },
  };
  return {
    admin,
    database,
    tweets: createTweetStore(writing),
    reactions: createReactionStore(writing),
    lists: createListStore(database),
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
  language: null,
  idempotencyKey: `key ${(keys += 1)}`,
  ...given,
});

/** A tweet that is posted; a reply when `parent` is given. */
export async function aTweet(
  tweets: TweetStore,
  { authorId = '1', parent = null, text }: { authorId?: Id; parent?: Tweet | null; text?: string } = {},
): Promise<Tweet> {
  const input = aNewTweet({ inReplyToId: parent?.id ?? null, ...(text !== undefined && { text }) });
  const composed = composeTweet(input, authorId, parent);
  if (composed.type !== 'composed') throw new Error('refused');
  const posted = await tweets.post(composed.draft, input);
  if (posted.type !== 'posted') throw new Error(posted.type);
  return posted.tweet;
}
