import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadGatewaySettings } from '../gateway/config.ts';
import { startGateway } from '../gateway/gateway.ts';
import { remoteSessions } from '../gateway/remote-sessions.ts';
import { remoteSource } from '../gateway/remote-source.ts';
import { loadAddresses } from '../platform/process/addresses.ts';
import { loadConfig, url } from '../platform/process/config.ts';
import { createLog } from '../platform/process/log.ts';
import { serveMetrics } from '../platform/process/metrics.ts';
import { runProcess } from '../platform/process/run.ts';
import { listenForEndedSessions } from '../subgraphs/ended-sessions.ts';
import { serveAvatar } from '../subgraphs/user/avatar-route.ts';
import { root } from './data-folder.ts';
import { webOperations } from './web-part.ts';

/** Each URL is that of a subgraph's GraphQL endpoint. */
const config = z.object({
  USER_URL: url('http', 'https'),
  USER_ASSERTION_KEY: z.string(),
  TWEET_URL: url('http', 'https'),
  TWEET_ASSERTION_KEY: z.string(),
  FOLLOW_URL: url('http', 'https'),
  FOLLOW_ASSERTION_KEY: z.string(),
  TIMELINE_URL: url('http', 'https'),
  TIMELINE_ASSERTION_KEY: z.string(),
  REDIS_URL: url('redis', 'rediss'),
  REDIS_KEY_PREFIX: z.string().default(''),
});

/**
 * Roost's gateway as a process of its own, which asks the subgraphs over the network. The other shape is
 * `supergraph.ts`; for any other supergraph there is `gateway/main.ts`.
 */
runProcess('gateway', async (env) => {
  const addresses = loadAddresses(env);
  const told = loadConfig(config, env);
  const settings = loadGatewaySettings(env);
  const subgraphs: Record<string, { url: string; assertionKey: string }> = {
    user: { url: told.USER_URL, assertionKey: told.USER_ASSERTION_KEY },
    tweet: { url: told.TWEET_URL, assertionKey: told.TWEET_ASSERTION_KEY },
    follow: { url: told.FOLLOW_URL, assertionKey: told.FOLLOW_ASSERTION_KEY },
    timeline: { url: told.TIMELINE_URL, assertionKey: told.TIMELINE_ASSERTION_KEY },
  };
  await using stack = new AsyncDisposableStack();

  const ended = listenForEndedSessions(told.REDIS_URL, told.REDIS_KEY_PREFIX, createLog('gateway'));
  stack.defer(() => ended.close());
  const gateway = await startGateway({
    supergraphSdl: readFileSync(join(root, 'gateway/supergraph.graphql'), 'utf8'),
    sourceFor: ({ name }) => {
      const subgraph = subgraphs[name];
      if (subgraph === undefined) throw new Error(`Nobody said where the subgraph ${name} is.`);
      return remoteSource({ name, ...subgraph });
    },
    sessions: remoteSessions({
      url: told.USER_URL,
      assertionKey: told.USER_ASSERTION_KEY,
      onEnded: ended.onEnded,
    }),
    addresses,
    settings: { ...settings, persistedOperations: settings.persistedOperations ?? webOperations() },
    routes: { avatars: serveAvatar },
  });
  stack.defer(() => gateway.stop());
  const metrics = await serveMetrics(env, gateway.expectReady);
  stack.defer(() => metrics.close());

  const started = stack.move();
  return { stop: () => started.disposeAsync() };
});
