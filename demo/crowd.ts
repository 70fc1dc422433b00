import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { remoteSource } from '../gateway/remote-source.ts';
import { loadConfig, url } from '../platform/process/config.ts';
import { serveMetrics } from '../platform/process/metrics.ts';
import { runProcess } from '../platform/process/run.ts';
import { demoPeople } from './account.ts';
import { startReaders } from './readers.ts';
import { startTicker } from './ticker.ts';

const config = z.object({
  TWEET_URL: url('http', 'https'),
  TWEET_ASSERTION_KEY: z.string(),
  TWEET_DATABASE_URL: url('postgres', 'postgresql'),
  TIMELINE_URL: url('http', 'https'),
  TIMELINE_ASSERTION_KEY: z.string(),
  /** Where the gateway shows how many sockets it has open. */
  GATEWAY_METRICS_URL: url('http', 'https'),
});

const RETRY_MS = 200;

/** What demo people do, as a process of its own: it sees by the gateway's metrics whether anybody looks. */
runProcess('crowd', async (env, stopping) => {
  const told = loadConfig(config, env);
  await using stack = new AsyncDisposableStack();
  const tweet = remoteSource({ name: 'tweet', url: told.TWEET_URL, assertionKey: told.TWEET_ASSERTION_KEY });
  const timeline = remoteSource({
    name: 'timeline',
    url: told.TIMELINE_URL,
    assertionKey: told.TIMELINE_ASSERTION_KEY,
  });
  for (const source of [tweet, timeline]) {
    stack.defer(() => source.close());
    while (
      !(await source.ready().then(
        () => true,
        () => false,
      ))
    )
      await pause(RETRY_MS, undefined, { signal: stopping });
  }
  const people = await demoPeople(told.TWEET_DATABASE_URL);
  const readers = startReaders({ timeline, people });
  stack.defer(() => readers.stop());
  const ticker = startTicker({ tweet, people, isWatched: () => hasOpenSockets(told.GATEWAY_METRICS_URL) });
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
