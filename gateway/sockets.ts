import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, type Server } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { networkOf, siteOf } from '../platform/network-of.ts';
import { urlOf } from '../platform/http.ts';
import { createLog } from '../platform/process/log.ts';
import { rateLimited } from '../subgraphs/errors.ts';
import { BODY_LIMIT } from './limits.ts';
import { openSockets } from './metrics.ts';
import type { SocketVisit } from './socket-protocol.ts';
import type { Tally } from './tally.ts';

export interface Sockets {
  /** Takes over a connection that asks to become a WebSocket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void;
  /**
   * Takes no more, and closes those that are open as going away, so that their clients connect anew elsewhere. Resolves
   * when all are gone and nothing runs on them.
   */
  drain(): Promise<void>;
  /** How many are open. */
  open(): number;
}

/** Pings go out so often; a client that has not answered the last one is gone. */
const KEEP_ALIVE_MS = 12_000;
/** Answers that a client asked for and does not take. Of each stream at most one event is among them. */
const UNSENT_LIMIT = 4_000_000;

/**
 * Characters, for each socket that an address may have, of all that its clients have said and that is still being worked
 * on: of a stream, for as long as it runs. A page of ours says as many.
 */
export const HELD_PER_SOCKET = 20_000;
/** graphql-ws's clients take it for final. */
const TOO_MUCH = 4429;

/** One that is open too many goes when its tab does; nobody knows when. */
const RETRY_AFTER_MS = 10_000;

/** A client that does not answer a close in this time is cut off. */
const CLOSE_WITHIN_MS = 2_000;

/** `closeTimeout` is in ws, and not in its types. */
const OPTIONS = { noServer: true, maxPayload: BODY_LIMIT, handleProtocols, closeTimeout: CLOSE_WITHIN_MS };

const log = createLog('gateway');

/** The WebSockets of clients: who may open one, and when it is over. What is said on them is the protocol's. */
export function createSockets({
  protocol,
  addressOf,
  allowedOrigins,
  perAddress,
  perSite,
  held,
  atMost,
}: {
  protocol: Server<SocketVisit>;
  addressOf: (request: IncomingMessage) => string;
  allowedOrigins: readonly string[];
  /** Counts all of an address, or of a network of IPv6, whether they have said anything or not. */
  perAddress: Tally;
  /** Counts all of a /48 of IPv6. */
  perSite: Tally;
  /** Weighs what is under way of an address. */
  held: Tally;
  /** How many are open at a time, whoever has them: each takes memory and a file descriptor. */
  atMost: number;
}): Sockets {
  const server = new WebSocketServer(OPTIONS);
  const open = new Set<Promise<void>>();
  let draining = false;

  /** Why a connection may not become a WebSocket; null when it may. */
  function refusal(request: IncomingMessage, { address, site }: Origin): number | null {
    const { origin } = request.headers;
    if (draining) return 503;
    if (urlOf(request).pathname !== '/graphql') return 404;
    // A browser always says where its page is from, and sends our cookie along; programs say nothing.
    if (origin !== undefined && !allowedOrigins.includes(origin)) return 403;
    if (perAddress.isFull(address) || (site !== null && perSite.isFull(site))) return 429;
    return server.clients.size >= atMost ? 503 : null;
  }

  function opened(socket: WebSocket, request: IncomingMessage, { address, site }: Origin): void {
    const leave = perAddress.add(address);
    const leaveSite = site === null ? null : perSite.add(site);
    openSockets.inc();
    const pings = keepAlive(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => {
          socket.on('message', (data: Buffer) => {
            // A client that we hang up on, as its session has ended, may go on talking until it answers that.
            if (socket.readyState !== socket.OPEN) return;
            if (socket.bufferedAmount > UNSENT_LIMIT) return socket.terminate();
            if (held.isFull(address))
              return socket.close(TOO_MUCH, 'RATE_LIMITED: too much is under way from this address');
            const letGo = held.add(address, data.length);
            take(data.toString())
              .catch((err: unknown) => {
                if (socket.readyState !== socket.OPEN) return;
                log.error({ err }, 'message on a socket failed');
                socket.close(4500, 'Internal server error');
              })
              .finally(letGo);
          });
        },
      },
      { socket, request, streams: new Set() },
    );
    // ws closes it by itself, with the code that fits.
    socket.on('error', (err) => log.debug({ err }, 'socket failed'));
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    open.add(gone);
    socket.once('close', (code, reason) => {
      clearInterval(pings);
      openSockets.dec();
      leave();
      leaveSite?.();
      closed(code, reason.toString())
        .catch((err: unknown) => log.error({ err }, 'a socket left something open'))
        .finally(() => {
          open.delete(gone);
          resolve();
        });
    });
  }

  return {
    upgrade: (request, connection, head) => {
      const address = addressOf(request);
      const origin = { address: networkOf(address), site: siteOf(address) };
      const status = refusal(request, origin);
      if (status === null) {
        server.handleUpgrade(request, connection, head, (socket) => opened(socket, request, origin));
        return;
      }
      connection.on('error', () => connection.destroy());
      // Node would keep our half until the client closes its own.
      connection.once('finish', () => connection.destroy());
      connection.end(refusalText(status));
    },
    open: () => server.clients.size,
    drain: async () => {
      draining = true;
      for (const socket of server.clients) socket.close(1001, 'Going away');
      await Promise.all(open);
    },
  };
}

/** Where a socket is from: an address, or a network of IPv6, and then the site that it is in. */
interface Origin {
  address: string;
  site: string | null;
}

/** An answer of HTTP, whole. Who has too many is told as everywhere, in case he looks. */
function refusalText(status: number): string {
  const error = { errors: [rateLimited(RETRY_AFTER_MS).toJSON()] };
  const body = status === 429 ? `${JSON.stringify(error)}\n` : '';
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 429 ? ['content-type: application/json'] : []),
    ...(status === 429 || status === 503 ? [`retry-after: ${RETRY_AFTER_MS / 1_000}`] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Resolves when the text has left this process: a stream's next event waits for it. */
const send = (socket: WebSocket, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    socket.send(text, (err) => (err ? reject(err) : resolve()));
  });

function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  return setInterval(() => {
    if (!answered || socket.bufferedAmount > UNSENT_LIMIT) return socket.terminate();
    answered = false;
    socket.ping();
  }, KEEP_ALIVE_MS);
}
