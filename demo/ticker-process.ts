import { z } from 'zod';
import { remoteSource } from '../gateway/remote-source.ts';
import { loadConfig, url } from '../platform/process/config.ts';
import { serveMetrics } from '../platform/process/metrics.ts';
import { runProcess } from '../platform/process/run.ts';
import { startTicker } from './ticker.ts';

const config = z.object({
  TWEET_URL: url('http', 'https'),
  TWEET_ASSERTION_KEY: z.string(),
  TWEET_DATABASE_URL: url('postgres', 'postgresql'),
  /** Where the gateway shows how many sockets it has open. */
  GATEWAY_METRICS_URL: url('http', 'https'),
});

/** The ticker of the distributed shape: it sees by the gateway's metrics whether anybody looks. */
runProcess('ticker', async (env) => {
  const told = loadConfig(config, env);
  await using stack = new AsyncDisposableStack();
  const tweet = remoteSource({ name: 'tweet', url: told.TWEET_URL, assertionKey: told.TWEET_ASSERTION_KEY });
  stack.defer(() => tweet.close());
  const ticker = await startTicker({
    tweet,
    databaseUrl: told.TWEET_DATABASE_URL,
    isWatched: () => hasOpenSockets(told.GATEWAY_METRICS_URL),
  });
  stack.defer(() => ticker.stop());
  const metrics = await serveMetrics(env, tweet.ready);
  stack.defer(() => metrics.close());
  const running = stack.move();
  return { stop: () => running.disposeAsync() };
});

/** False also when the gateway does not answer. */
async function hasOpenSockets(metricsUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(metricsUrl, { signal: AbortSignal.timeout(2_000) });
    return Number(/^roost_gateway_sockets (\d+)$/m.exec(await answer.text())?.[1] ?? 0) > 0;
  } catch {
    return false;
  }
}
