import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import type { RelayWorker } from '../worker.ts';
import { tweetConfig } from './config.ts';
import type { Context } from './context.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { createListStore } from './list-store.ts';
import { createLoaders } from './loaders.ts';
import { createReactionStore } from './reaction-store.ts';
import { resolvers } from './resolvers/index.ts';
import { createTweetStore } from './tweet-store.ts';

/**
 * Tweets, retweets, likes and threads.
 * @param beside the worker of this process, where it has one.
 */
export async function startTweetSubgraph(env: NodeJS.ProcessEnv, beside?: RelayWorker): Promise<Subgraph> {
  const config = loadConfig(tweetConfig, env);
  const log = createLog('tweet');
  const database = connectDatabase({
    url: config.TWEET_DATABASE_URL,
    replicaUrl: config.TWEET_DATABASE_REPLICA_URL,
    name: 'roost tweet',
    log,
  });
  const { primary } = database;
  const waker = createOutboxWaker(primary, outboxChannel('tweets'), beside?.ring);

  const writing = { database, withNewIds: createNewIds(primary, 'tweets'), wake: () => waker.wake() };
  const tweets = createTweetStore(writing);
  const reactions = createReactionStore(writing);
  const lists = createListStore(database);

  return {
    name: 'tweet',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    context: ({ caller }): Context => ({
      caller,
      tweets,
      reactions,
      lists,
      loaders: createLoaders({ tweets, reactions, lists }, caller),
      addressOf: (tweetId) => `${config.PUBLIC_URL}/tweets/${tweetId}`,
      now: () => new Date(),
    }),
    ready: () => database.ready(),
    stop: async () => {
      await waker.close();
      await database.close();
    },
  };
}
