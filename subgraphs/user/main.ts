import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { serveMetrics } from '../../platform/process/metrics.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { serveAvatar } from './avatar-route.ts';
import { startUserSubgraph } from './user-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  USER_PORT: port.default(4101),
  USER_ASSERTION_KEY: z.string(),
  METRICS_PORT: port.optional(),
});

runProcess('user', async (env) => {
  const { HOST: host, USER_PORT, USER_ASSERTION_KEY, METRICS_PORT } = loadConfig(serverConfig, env);
  await using stack = new AsyncDisposableStack();
  const user = stack.adopt(await startUserSubgraph(env), (subgraph) => subgraph.stop());
  const options = {
    host,
    port: USER_PORT,
    assertionKey: USER_ASSERTION_KEY,
    sessions: user.sessions,
    routes: { avatars: serveAvatar },
  };
  const server = stack.adopt(await serveSubgraph(user, options), ({ close }) => close());
  if (METRICS_PORT !== undefined) {
    stack.adopt(await serveMetrics({ host, port: METRICS_PORT }), ({ close }) => close());
  }
  user.log.info({ url: server.url }, 'listening');
  const started = stack.move();
  return { stop: () => started.disposeAsync() };
});
