import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { serveMetrics } from '../../platform/process/metrics.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { startTimelineSubgraph } from './timeline-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  TIMELINE_PORT: port.default(4104),
  TIMELINE_ASSERTION_KEY: z.string(),
  METRICS_PORT: port.optional(),
});

runProcess('timeline', async (env) => {
  const { HOST: host, TIMELINE_PORT, TIMELINE_ASSERTION_KEY, METRICS_PORT } = loadConfig(serverConfig, env);
  await using stack = new AsyncDisposableStack();
  const timeline = stack.adopt(await startTimelineSubgraph(env), (subgraph) => subgraph.stop());
  const options = {
    host,
    port: TIMELINE_PORT,
    assertionKey: TIMELINE_ASSERTION_KEY,
  };
  const server = stack.adopt(await serveSubgraph(timeline, options), ({ close }) => close());
  if (METRICS_PORT !== undefined) {
    stack.adopt(await serveMetrics({ host, port: METRICS_PORT }), ({ close }) => close());
  }
  timeline.log.info({ url: server.url }, 'listening');
  const started = stack.move();
  return { stop: () => started.disposeAsync() };
});
