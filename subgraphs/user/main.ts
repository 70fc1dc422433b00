import { z } from 'zod';
import { loadConfig, port } from '../../platform/process/config.ts';
import { runProcess } from '../../platform/process/run.ts';
import { serveSubgraph } from '../server.ts';
import { startUserSubgraph } from './user-subgraph.ts';

const serverConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  USER_PORT: port.default(4101),
  USER_ASSERTION_KEY: z.string(),
});

runProcess('user', async (env) => {
  const { HOST: host, USER_PORT, USER_ASSERTION_KEY: assertionKey } = loadConfig(serverConfig, env);
  const user = await startUserSubgraph(env);
  const server = await serveSubgraph(user, { host, port: USER_PORT, assertionKey, sessions: user.sessions });
  user.log.info({ url: server.url }, 'listening');
  return {
    stop: async () => {
      await server.close();
      await user.stop();
    },
  };
});
