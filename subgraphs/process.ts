import { z } from 'zod';
import { loadConfig, port } from '../platform/process/config.ts';
import { createLog } from '../platform/process/log.ts';
import { serveMetrics } from '../platform/process/metrics.ts';
import { runProcess } from '../platform/process/run.ts';
import { serveSubgraph, type SubgraphServerOptions } from './server.ts';
import type { SessionSource } from './session.ts';
import type { Subgraph } from './subgraph.ts';
import type { Worker } from './worker.ts';

export interface SubgraphProcess {
  name: string;
  /** Where it listens unless <NAME>_PORT says otherwise; `supergraph.yaml` says the same. */
  port: number;
  start(env: NodeJS.ProcessEnv): Promise<Subgraph & { sessions?: SessionSource }>;
  /** What else it answers, and to everybody. */
  routes?: SubgraphServerOptions['routes'];
}

/** The life of a subgraph as a process of its own, which gateways ask over HTTP and WebSocket. */
export function runSubgraph({ name, port: usual, start, routes = {} }: SubgraphProcess): void {
  const prefix = name.toUpperCase();
  const serverConfig = z.object({
    HOST: z.string().default('127.0.0.1'),
    [`${prefix}_PORT`]: port.default(usual),
    [`${prefix}_ASSERTION_KEY`]: z.string(),
  });
  runProcess(name, async (env) => {
    const config = loadConfig(serverConfig, env);
    await using stack = new AsyncDisposableStack();
    const subgraph = stack.adopt(await start(env), (started) => started.stop());
    const server = await serveSubgraph(subgraph, {
      host: String(config['HOST']),
      port: Number(config[`${prefix}_PORT`]),
      assertionKey: String(config[`${prefix}_ASSERTION_KEY`]),
      routes,
      ...(subgraph.sessions && { sessions: subgraph.sessions }),
    });
    stack.defer(() => server.close());
    const metrics = await serveMetrics(env, () => subgraph.ready());
    stack.defer(() => metrics.close());
    subgraph.log.debug({ url: server.url }, 'listening');
    const running = stack.move();
    return { stop: () => running.disposeAsync() };
  });
}

/** The life of a subgraph's worker as a process of its own. Several share the work. */
export function runWorker(name: string, start: (env: NodeJS.ProcessEnv) => Promise<Worker>): void {
  runProcess(`${name} worker`, async (env) => {
    await using stack = new AsyncDisposableStack();
    const worker = stack.adopt(await start(env), (started) => started.stop());
    const metrics = await serveMetrics(env, () => worker.ready());
    stack.defer(() => metrics.close());
    createLog(name).debug('working');
    const running = stack.move();
    return { stop: () => running.disposeAsync() };
  });
}
