import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { serveMetrics } from '../../platform/process/metrics.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { startTweetSubgraph } from './tweet-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  TWEET_PORT: port.default(4102),
  TWEET_ASSERTION_KEY: z.string(),
  METRICS_PORT: port.optional(),
});

runProcess('tweet', async (env) => {
  const { HOST: host, TWEET_PORT, TWEET_ASSERTION_KEY, METRICS_PORT } = loadConfig(serverConfig, env);
  await using stack = new AsyncDisposableStack();
  const tweet = stack.adopt(await startTweetSubgraph(env), (subgraph) => subgraph.stop());
  const options = {
    host,
    port: TWEET_PORT,
    assertionKey: TWEET_ASSERTION_KEY,
  };
  const server = stack.adopt(await serveSubgraph(tweet, options), ({ close }) => close());
  if (METRICS_PORT !== undefined) {
    stack.adopt(await serveMetrics({ host, port: METRICS_PORT }), ({ close }) => close());
  }
  tweet.log.info({ url: server.url }, 'listening');
  const started = stack.move();
  return { stop: () => started.disposeAsync() };
});
