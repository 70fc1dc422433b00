import {
  Agent,
  request as ask,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { request as askSafely } from 'node:https';
import { pipeline, type Duplex } from 'node:stream';
import { CLIENT_HEADER, OWN_HEADERS, signedAddress } from './signed-address.ts';

/** Passes requests on to the gateway as they are, so that browsers need one origin only. */
export interface GatewayProxy {
  /** Marks a request as ours: takes away what only we may say, and says who sent it. Once, before anything else. */
  mark(request: IncomingMessage): void;
  pass(request: IncomingMessage, response: ServerResponse): void;
  /** Passes on a request to become a WebSocket, and then its bytes. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void;
  ready(): Promise<boolean>;
  /** Cuts all WebSockets; their clients come back to whoever is there then. */
  closeSockets(): void;
}

/** They concern one connection, and there are two. */
const PER_CONNECTION = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const READY_WITHIN_MS = 2_000;

const UNAVAILABLE = `${JSON.stringify({
  errors: [
    {
      message: 'Roost can’t be reached right now. Try again in a moment.',
      extensions: { code: 'UNAVAILABLE' },
    },
  ],
})}\n`;

/** @param addressKey what the gateway checks our word on addresses with; without it, all clients look like us. */
export function createGatewayProxy({
  gatewayUrl,
  addressKey,
}: {
  gatewayUrl: string;
  addressKey: string | undefined;
}): GatewayProxy {
  const gateway = new URL(gatewayUrl);
  const askGateway = gateway.protocol === 'https:' ? askSafely : ask;
  const agent = gateway.protocol === 'https:' ? undefined : new Agent({ keepAlive: true });
  const open = new Set<Duplex>();

  const to = ({ method, url }: IncomingMessage, headers: OutgoingHttpHeaders) =>
    askGateway({
      protocol: gateway.protocol,
      hostname: gateway.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: gateway.port,
      method,
      path: url,
      headers: { ...headers, host: gateway.host },
      ...(agent && { agent }),
    });

  return {
    mark: ({ headers, socket }) => {
      for (const name of Object.keys(headers)) if (name.startsWith(OWN_HEADERS)) delete headers[name];
      if (addressKey === undefined) return;
      headers[CLIENT_HEADER] = signedAddress(addressKey, socket.remoteAddress ?? '', Date.now());
    },

    pass: (request, response) => {
      const onward = to(request, { ...endToEnd(request), ...framing(request) });
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, endToEnd(answer));
        // Whoever leaves half-way takes the other end along.
        pipeline(answer, response, () => undefined);
      });
      onward.on('error', () => {
        if (response.headersSent || response.destroyed) return void response.destroy();
        response
          .writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
          .end(UNAVAILABLE);
      });
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    },

    upgrade: (request, connection, head) => {
      const { upgrade } = request.headers;
      const onward = to(request, { ...endToEnd(request), connection: 'Upgrade', upgrade });
      connection.on('error', () => onward.destroy());
      connection.on('close', () => onward.destroy());
      const refuse = (status: string) =>
        connection.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      onward.on('response', ({ statusCode = 502, statusMessage = '' }) => {
        refuse(`${statusCode} ${statusMessage}`);
        onward.destroy();
      });
      onward.on('error', () => refuse('503 Service Unavailable'));
      onward.on('upgrade', ({ rawHeaders }, socket: Duplex, first: Buffer) => {
        // Whoever asked went away while the gateway answered.
        if (!connection.writable) return void socket.destroy();
        const lines = Array.from({ length: rawHeaders.length / 2 }, (_, i) =>
          rawHeaders.slice(2 * i, 2 * i + 2),
        );
        connection.write(
          `HTTP/1.1 101 Switching Protocols\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`,
        );
        connection.write(first);
        socket.write(head);
        open.add(connection);
        connection.on('close', () => open.delete(connection));
        pipeline(connection, socket, connection, () => connection.destroy());
      });
      onward.end();
    },

    ready: async () => {
      try {
        const answer = await fetch(new URL('/health/ready', gateway), {
          signal: AbortSignal.timeout(READY_WITHIN_MS),
        });
        await answer.body?.cancel();
        return answer.ok;
      } catch {
        return false;
      }
    },

    closeSockets: () => {
      for (const connection of open) connection.destroy();
    },
  };
}

/**
 * What says where a body ends. Node says it by itself of a POST alone; the body of another without it would be read as
 * the next request on this connection, which other clients share.
 */
const framing = ({ headers }: IncomingMessage): OutgoingHttpHeaders =>
  headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };

/**
 * What concerns the two ends, not the connection. No client takes off what we say, nor where its body ends, by calling
 * it the connection's.
 */
function endToEnd({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
    .filter((name) => name !== 'content-length' && !name.startsWith(OWN_HEADERS));
  const dropped = new Set([...PER_CONNECTION, ...named]);
  const kept = Object.entries(headers).filter(([name]) => !dropped.has(name));
  return Object.fromEntries(kept);
}
