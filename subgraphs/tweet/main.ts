import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { startTweetSubgraph } from './tweet-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  TWEET_PORT: port.default(4102),
  TWEET_ASSERTION_KEY: z.string(),
});

runProcess('tweet', async (env) => {
  const { HOST: host, TWEET_PORT, TWEET_ASSERTION_KEY: assertionKey } = loadConfig(serverConfig, env);
  const tweet = await startTweetSubgraph(env);
  const server = await serveSubgraph(tweet, { host, port: TWEET_PORT, assertionKey });
  tweet.log.info({ url: server.url }, 'listening');
  return {
    stop: async () => {
      await server.close();
      await tweet.stop();
    },
  };
});
