import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { startTimelineSubgraph } from './timeline-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  TIMELINE_PORT: port.default(4104),
  TIMELINE_ASSERTION_KEY: z.string(),
});

runProcess('timeline', async (env) => {
  const config = loadConfig(serverConfig, env);
  const timeline = await startTimelineSubgraph(env);
  const server = await serveSubgraph(timeline, {
    host: config.HOST,
    port: config.TIMELINE_PORT,
    assertionKey: config.TIMELINE_ASSERTION_KEY,
  });
  timeline.log.info({ url: server.url }, 'listening');
  return {
    stop: async () => {
      await server.close();
      await timeline.stop();
    },
  };
});
