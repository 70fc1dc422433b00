import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createLog } from './log.ts';

/** Every metric of this process registers here: `new Counter({ name, help, registers: [registry] })`. */
export const registry = new Registry();

const log = createLog('metrics');

export interface MetricsServer {
  /** The port listened on: the system's choice when 0 was asked for. */
  port: number;
  close(): Promise<void>;
}

/** Answers `GET /metrics`, on a port of its own so that what faces users never shows it. Rejects when the port is taken. */
export async function serveMetrics({ host, port }: { host: string; port: number }): Promise<MetricsServer> {
  if (!registry.getSingleMetric('process_start_time_seconds')) collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') response.writeHead(404).end();
    else void answer(response);
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
