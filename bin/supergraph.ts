import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPeople } from '../demo/account.ts';
import { startReaders } from '../demo/readers.ts';
import { startTicker } from '../demo/ticker.ts';
import { loadGatewaySettings } from '../gateway/config.ts';
import { startGateway } from '../gateway/gateway.ts';
import { localSource } from '../gateway/local-source.ts';
import { loadAddresses } from '../platform/process/addresses.ts';
import { flag, loadConfig, url } from '../platform/process/config.ts';
import { serveMetrics } from '../platform/process/metrics.ts';
import { runProcess } from '../platform/process/run.ts';
import { startFollowSubgraph } from '../subgraphs/follow/follow-subgraph.ts';
import { startFollowWorker } from '../subgraphs/follow/follow-worker.ts';
import type { Subgraph } from '../subgraphs/subgraph.ts';
import { startTimelineSubgraph } from '../subgraphs/timeline/timeline-subgraph.ts';
import { startTimelineWorker } from '../subgraphs/timeline/timeline-worker.ts';
import { startTweetSubgraph } from '../subgraphs/tweet/tweet-subgraph.ts';
import { startTweetWorker } from '../subgraphs/tweet/tweet-worker.ts';
import { serveAvatar } from '../subgraphs/user/avatar-route.ts';
import { startUserSubgraph } from '../subgraphs/user/user-subgraph.ts';
import { startUserWorker } from '../subgraphs/user/user-worker.ts';
import { z } from 'zod';
import { root } from './data-folder.ts';
import { webOperations } from './web-part.ts';

const config = z.object({
  DEMO: flag.default(false),
  TWEET_DATABASE_URL: url('postgres', 'postgresql'),
});

/**
 * The whole supergraph in one process: four subgraphs with their workers, and the gateway that asks them in process.
 * Its parts are told apart by nothing but this: each also runs as a process of its own, by its `main.ts` or `worker.ts`.
 */
runProcess('supergraph', async (environment) => {
  const addresses = loadAddresses(environment);
  const env = { ...environment, PUBLIC_URL: addresses.publicUrl.origin };
  const { DEMO, TWEET_DATABASE_URL } = loadConfig(config, env);
  const settings = loadGatewaySettings(env);
  await using stack = new AsyncDisposableStack();
  const running = <Started extends { stop(): Promise<void> }>(started: Started): Started =>
    stack.adopt(started, (part) => part.stop());

  const user = running(await startUserSubgraph(env, running(await startUserWorker(env))));
  const tweet = running(await startTweetSubgraph(env, running(await startTweetWorker(env))));
  const follow = running(await startFollowSubgraph(env, running(await startFollowWorker(env))));
  const timeline = running(await startTimelineSubgraph(env));
  running(await startTimelineWorker(env));
  const subgraphs: Record<string, Subgraph> = { user, tweet, follow, timeline };

  const gateway = running(
    await startGateway({
      supergraphSdl: readFileSync(join(root, 'gateway/supergraph.graphql'), 'utf8'),
      sourceFor: ({ name }) => {
        const subgraph = subgraphs[name];
        if (subgraph === undefined)
          throw new Error(`The supergraph names a subgraph that is not here: ${name}`);
        return localSource(subgraph);
      },
      sessions: user.sessions,
      addresses,
      settings: { ...settings, persistedOperations: settings.persistedOperations ?? webOperations() },
      routes: { avatars: serveAvatar },
    }),
  );
  const metrics = await serveMetrics(env, gateway.expectReady);
  stack.defer(() => metrics.close());
  if (DEMO) {
    const people = await demoPeople(TWEET_DATABASE_URL);
    running(startReaders({ timeline: localSource(timeline), people }));
    running(startTicker({ tweet: localSource(tweet), people, isWatched: () => gateway.openSockets() > 0 }));
  }

  const started = stack.move();
  return { stop: () => started.disposeAsync() };
});
