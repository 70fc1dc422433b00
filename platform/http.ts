import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
}

/** Whether a request already says that its body is over `limit` bytes, so that nobody need read it. */
const saysTooLarge = (request: IncomingMessage, limit: number): boolean =>
  Number(request.headers['content-length'] ?? 0) > limit;

/**
 * The whole body as text. Rejects with `BodyTooLarge` as soon as it is known to be over `limit` bytes: what was not
 * read is left unread, so the connection is of no further use. Rejects also when the client goes away.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  if (saysTooLarge(request, limit)) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** A client that still writes would take a connection closed at once for a failure, and not see its answer. */
const LINGER_MS = 1_000;

/** Answers a body that is not wanted: the client has the whole answer, may go on for a moment, then we hang up. */
export function answerUnread(response: ServerResponse, status: number, type: string, text: string): void {
  const { req: request } = response;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  // Node hangs up as soon as the response has ended.
  response.write(text);
  const hangUp = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(hangUp, LINGER_MS);
  request.once('end', hangUp).once('close', hangUp).resume();
}

/** What a request asks for, below a host of no meaning. The root where it is no path at all. */
export function urlOf({ url = '/' }: IncomingMessage): URL {
  const text = `http://host${url}`;
  return new URL(URL.canParse(text) ? text : 'http://host/');
}

/** Resolves with the origin that the server answers at. Rejects when the port is taken. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

const SWEEP_MS = 50;

/** Takes no more connections, lets requests under way finish, and resolves when the last is gone. */
export async function closeGently(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection is idle once its request under way is answered, and would otherwise be kept for the next.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  await closed;
  clearInterval(sweep);
}
