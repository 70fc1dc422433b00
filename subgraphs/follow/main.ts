import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { serveMetrics } from '../../platform/process/metrics.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { startFollowSubgraph } from './follow-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  FOLLOW_PORT: port.default(4103),
  FOLLOW_ASSERTION_KEY: z.string(),
  METRICS_PORT: port.optional(),
});

runProcess('follow', async (env) => {
  const { HOST: host, FOLLOW_PORT, FOLLOW_ASSERTION_KEY, METRICS_PORT } = loadConfig(serverConfig, env);
  await using stack = new AsyncDisposableStack();
  const follow = stack.adopt(await startFollowSubgraph(env), (subgraph) => subgraph.stop());
  const options = {
    host,
    port: FOLLOW_PORT,
    assertionKey: FOLLOW_ASSERTION_KEY,
  };
  const server = stack.adopt(await serveSubgraph(follow, options), ({ close }) => close());
  if (METRICS_PORT !== undefined) {
    stack.adopt(await serveMetrics({ host, port: METRICS_PORT }), ({ close }) => close());
  }
  follow.log.info({ url: server.url }, 'listening');
  const started = stack.move();
  return { stop: () => started.disposeAsync() };
});
