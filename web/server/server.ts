import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { contentPolicy, securityHeaders } from './content-policy.ts';
import { createGatewayProxy } from './gateway-proxy.ts';

/** What Next makes of `app/`. Given, since its types change those of every program that imports it. */
export interface Pages {
  prepare(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  close(): Promise<void>;
}

export interface WebOptions {
  pages: (server: Server) => Pages;
  host: string;
  port: number;
  /** Where people reach this instance. */
  publicUrl: URL;
  gatewayUrl: string;
  /** Shared with the gateway; see signed-address.ts. */
  addressKey: string | undefined;
  /** Pages are built as they are asked for, by means that a strict policy forbids. */
  dev: boolean;
}

export interface Web {
  /** Takes no more requests, answers those under way, and ends the sockets. */
  stop(): Promise<void>;
}

/** The gateway's, by the first part of the path. */
const TO_GATEWAY = new Set(['graphql', 'avatars', 'playground']);
/** Longer than proxies in front keep theirs. */
const IDLE_MS = 65_000;
const SWEEP_MS = 50;

/** The web: pages by Next, and the gateway on the same origin. Rejects when the port is taken or nothing was built. */
export async function startWeb({
  pages: createPages,
  host,
  port,
  publicUrl,
  gatewayUrl,
  addressKey,
  dev,
}: WebOptions): Promise<Web> {
  const proxy = createGatewayProxy({ gatewayUrl, addressKey });
  const headers = new Map(Object.entries(securityHeaders(publicUrl)));
  const server = createServer({ keepAliveTimeout: IDLE_MS });
  // Next answers every upgrade of its server by ending it where a page has that path, `/graphql` for `/[handle]`. So it
  // is given a server that never listens, and only the upgrades that are its own.
  const upgradesOfPages = createServer();
  const pages = createPages(upgradesOfPages);
  await pages.prepare();
  const answerPage = pages.getRequestHandler();
  let stopping = false;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    proxy.mark(request);
    if (stopping) response.setHeader('connection', 'close');
    const first = firstPart(request);
    if (TO_GATEWAY.has(first)) return proxy.pass(request, response);
    if (first === 'health') return void answerHealth(request, response);
    for (const [name, value] of headers) if (value !== undefined) response.setHeader(name, value);
    // Next takes the nonce for its scripts from the header of the request.
    const policy = contentPolicy(publicUrl.origin, { dev });
    request.headers['content-security-policy'] = policy;
    response.setHeader('content-security-policy', policy);
    void answerPage(request, response);
  }

  async function answerHealth({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const live = url === '/health/live';
    const ready = live || (!stopping && (await proxy.ready()));
    const status = live || url === '/health/ready' ? (ready ? 200 : 503) : 404;
    response
      .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(`${JSON.stringify({ ok: status === 200 })}\n`);
  }

  server.on('request', answer);
  server.on('upgrade', (request, connection, head) => {
    if (firstPart(request) !== 'graphql') {
      if (dev) upgradesOfPages.emit('upgrade', request, connection, head);
      else connection.destroy();
      return;
    }
    proxy.mark(request);
    proxy.upgrade(request, connection, head);
  });
  server.listen(port, host);
  await once(server, 'listening');

  return {
    stop: async () => {
      stopping = true;
      const closed = once(server, 'close');
      server.close();
      proxy.closeSockets();
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      await closed;
      clearInterval(sweep);
      await pages.close();
    },
  };
}

const firstPart = ({ url = '/' }: IncomingMessage): string => /^\/([^/?]*)/.exec(url)?.[1] ?? '';
