import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { BodyTooLarge, closeGently, answerUnread, listen, readBody, urlOf } from '../platform/http.ts';
import { ASSERTION_HEADER, verifyAssertion } from './assertion.ts';
import type { ErrorCode } from './errors.ts';
import { createExecutor } from './executor.ts';
import { serveStreams } from './server-streams.ts';
import type { SessionSource } from './session.ts';
import type { Subgraph } from './subgraph.ts';
import type { Caller } from './viewer.ts';

export interface SubgraphServerOptions {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** What the gateway signs its assertions to this subgraph with. */
  assertionKey: string;
  /** What `/sessions/*` answers from; only `user` has it. */
  sessions?: SessionSource;
  /** What else it answers, and to everybody, by the first part of the path: `{ avatars: … }` for `/avatars/…`. */
  routes?: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;
}

/** A batch of a hundred entities with their keys stays far below; the gateway lets in less anyway. */
const BODY_LIMIT = 2_000_000;

/**
 * Lets gateways ask a subgraph over HTTP and WebSocket. Every request is refused that carries no assertion for this
 * subgraph and body, introspection and `_service` too; only `/health/live`, `/health/ready` and `routes` are for
 * everybody. It is no public GraphQL server: one operation by POST in JSON, answered with 200 and its errors in the body.
 */
export async function serveSubgraph(
  subgraph: Subgraph,
  { host, port, assertionKey, sessions, routes = {} }: SubgraphServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const executor = createExecutor(subgraph);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = urlOf(request);
    if (pathname === '/health/live') return send(response, 200, { ok: true });
    if (pathname === '/health/ready') return await answerReady(response);
    const [, first = ''] = pathname.split('/');
    const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
    if (route !== undefined) return route(request, response);
    const body = await readBody(request, BODY_LIMIT);
    const caller = verifyAssertion(assertionKey, subgraph.name, headerOf(request, ASSERTION_HEADER), body);
    if (caller === null) return refuse(response, 401, 'UNAUTHENTICATED', 'Only the gateway may ask.');
    if (request.method !== 'POST')
      return refuse(response, 405, 'BAD_USER_INPUT', 'Operations are sent by POST.');
    if (pathname === '/graphql') return await answerOperation(response, caller, body);
    if (sessions !== undefined && pathname === '/sessions/find') {
      const { credential, address } = findShape.parse(JSON.parse(body));
      return send(response, 200, { session: await sessions.find(credential, { address }) });
    }
    if (sessions !== undefined && pathname === '/sessions/stands') {
      const { sessionId } = standsShape.parse(JSON.parse(body));
      return send(response, 200, { stands: await sessions.stands(sessionId) });
    }
    refuse(response, 404, 'NOT_FOUND', 'There is nothing here.');
  }

  async function answerReady(response: ServerResponse): Promise<void> {
    try {
      await subgraph.ready();
      send(response, 200, { ok: true });
    } catch (err) {
      subgraph.log.warn({ err }, 'not ready');
      send(response, 503, { ok: false });
    }
  }

  async function answerOperation(response: ServerResponse, caller: Caller, body: string): Promise<void> {
    const operation = operationShape.parse(JSON.parse(body));
    const setCookie = (cookie: string) => void response.appendHeader('set-cookie', cookie);
    send(response, 200, await executor.execute(operation, { caller, setCookie }));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((err: unknown) => {
      if (response.headersSent || request.socket.destroyed) return void response.destroy();
      if (err instanceof BodyTooLarge) {
        const text = errorText('BAD_USER_INPUT', `A body has at most ${BODY_LIMIT} bytes.`);
        return answerUnread(response, 413, JSON_TYPE, text);
      }
      if (err instanceof SyntaxError || err instanceof z.ZodError)
        return refuse(response, 400, 'BAD_USER_INPUT', 'The body is not a JSON object of the expected form.');
      subgraph.log.error({ err }, 'request failed');
      refuse(response, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
    });
  });
  // Longer than the gateway keeps a connection that it does not use, so that it never writes into a closed one.
  server.keepAliveTimeout = 65_000;

  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: BODY_LIMIT });
  serveStreams(sockets, subgraph, executor, assertionKey);

  const origin = await listen(server, host, port);
  return {
    url: `${origin}/graphql`,
    close: async () => {
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      await closeGently(server);
    },
  };
}

const operationShape = z.object({
  query: z.string(),
  operationName: z.string().optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
});
const findShape = z.object({
  credential: z.object({ kind: z.enum(['cookie', 'bearer']), secret: z.string() }),
  address: z.string(),
});
const standsShape = z.object({ sessionId: z.string() });

const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? undefined : value;
};

const JSON_TYPE = 'application/json; charset=utf-8';

const errorText = (code: ErrorCode, message: string): string =>
  JSON.stringify({ errors: [{ message, extensions: { code } }] });

const refuse = (response: ServerResponse, status: number, code: ErrorCode, message: string): void =>
  void response.writeHead(status, { 'content-type': JSON_TYPE }).end(errorText(code, message));

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': JSON_TYPE }).end(JSON.stringify(body));
}
