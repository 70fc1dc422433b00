import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { loadConfig, port as portOf } from './config.ts';
import { readiness } from './health.ts';
import { createLog } from './log.ts';

/** Every metric of this process registers here: `new Counter({ name, help, registers: [registry] })`. */
export const registry = new Registry();

const log = createLog('metrics');

export interface MetricsServer {
  /** The port listened on: the system's choice when 0 was asked for. */
  port: number;
  close(): Promise<void>;
}

const metricsConfig = z.object({
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: portOf.optional(),
});

/**
 * What an operator asks of a process, on a port of its own so that what faces users never shows it: `/metrics`,
 * `/health/live` and `/health/ready`. Where METRICS_PORT is not said, nothing listens and the port is 0.
 * Rejects when the port is taken.
 *
 * @param ready rejects while the process cannot do its work.
 */
export async function serveMetrics(
  env: NodeJS.ProcessEnv,
  ready: () => Promise<void>,
): Promise<MetricsServer> {
  const { METRICS_HOST: host, METRICS_PORT: port } = loadConfig(metricsConfig, env);
  if (port === undefined) return { port: 0, close: async () => undefined };
  if (!registry.getSingleMetric('process_start_time_seconds')) collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    const asked = request.method === 'GET' ? request.url : undefined;
    if (asked === '/metrics') void answer(response);
    else if (asked === '/health/live') response.writeHead(200).end('ok\n');
    else if (asked === '/health/ready')
      void readiness({ ready }).then(({ ok, checks }) =>
        response.writeHead(ok ? 200 : 503).end(`${checks['ready']}\n`),
      );
    else response.writeHead(404).end();
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(response: ServerResponse): Promise<void> {
  try {
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  } catch (err) {
    log.error({ err }, 'a metric could not be collected');
    response.writeHead(500).end();
  }
}
