import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeGently, listen, urlOf } from '../platform/http.ts';
import { NETWORKS_OF_SITE } from '../platform/network-of.ts';
import type { Addresses } from '../platform/process/addresses.ts';
import { readiness, type Readiness } from '../platform/process/health.ts';
import { createLog } from '../platform/process/log.ts';
import { createRateLimiter } from '../platform/rate-limiter.ts';
import type { SessionSource } from '../subgraphs/session.ts';
import { createBudget } from './budget.ts';
import { createCharges } from './charges.ts';
import type { GatewaySettings } from './config.ts';
import { createDocuments } from './documents.ts';
import { createHttpEndpoint, redirect, refuse } from './http.ts';
import { createOperations } from './operations.ts';
import { playgroundLinkOf } from './page-links.ts';
import { readPersistedOperations } from './persisted-operations.ts';
import { servePlayground, wantsPlayground } from './playground.ts';
import { createQueryStore } from './query-store.ts';
import { createRecentWriters } from './recent-writers.ts';
import { createSocketProtocol } from './socket-protocol.ts';
import { createSocketSessions } from './socket-sessions.ts';
import { createSockets, HELD_PER_SOCKET } from './sockets.ts';
import { createSupergraph, type SourceFor } from './supergraph.ts';
import { createTally } from './tally.ts';
import { createVisitors } from './visitor.ts';

export interface GatewayOptions {
  supergraphSdl: string;
  /** How each subgraph of the supergraph is asked. */
  sourceFor: SourceFor;
  /** Who clients are; null where nobody signs in. */
  sessions: SessionSource | null;
  addresses: Addresses;
  settings: GatewaySettings;
  /** What else this server answers, by the first part of the path: `{ avatars: … }` for `/avatars/…`. */
  routes?: Record<string, Route>;
  /** For tests. */
  stalledMs?: number;
}

export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Gateway {
  /** The origin that it listens on. */
  url: string;
  ready(): Promise<Readiness>;
  /** Rejects, naming what is out of reach, while it is not ready. */
  expectReady(): Promise<void>;
  /** How many clients hold a socket open here. */
  openSockets(): number;
  /** Runs on another supergraph from the next operation on. Throws when it is none; the old one stays. */
  swap(supergraphSdl: string): void;
  /** Not ready from now on; sockets are closed as going away; requests under way finish. Sessions are not stopped. */
  stop(): Promise<void>;
}

const log = createLog('gateway');

/** From the first byte to the last of a request, so that nobody holds a connection by sending slowly. */
const REQUEST_WITHIN_MS = 20_000;
const HEADERS_WITHIN_MS = 10_000;
/** Longer than proxies keep theirs. */
const IDLE_MS = 65_000;
/** Longer than an operation takes. A client that takes nothing of its answer for so long holds it no longer. */
const STALLED_MS = 30_000;

/** One endpoint for all subgraphs: `/graphql` over HTTP and WebSocket, with a playground for browsers; and health. */
export async function startGateway({
  supergraphSdl,
  sourceFor,
  sessions,
  addresses,
  settings,
  routes = {},
  stalledMs = STALLED_MS,
}: GatewayOptions): Promise<Gateway> {
  const { redisUrl, redisKeyPrefix: keyPrefix, onlyPersistedOperations } = settings;
  const playground = settings.demo ? 'demo.html' : 'index.html';
  const persisted = readPersistedOperations(settings.persistedOperations);
  await using opened = new AsyncDisposableStack();
  const supergraph = createSupergraph(supergraphSdl, sourceFor);
  opened.defer(() => supergraph.close());
  const recentWriters = createRecentWriters();
  const visitors = createVisitors({ sessions, recentWriters, addresses });
  opened.defer(() => visitors.close());
  const documents = createDocuments(supergraph.schema, {
    introspection: settings.introspection,
    only: onlyPersistedOperations ? persisted : null,
    writtenDown: persisted,
  });
  const limiter = createRateLimiter({ url: redisUrl, keyPrefix, scale: settings.rateLimitScale, log });
  opened.defer(() => limiter.close());
  const charges = createCharges(supergraph, createBudget(limiter));
  const queries = onlyPersistedOperations
    ? null
    : createQueryStore(redisUrl === null ? null : { url: redisUrl, keyPrefix });
  opened.defer(() => queries?.close());
  const operations = await createOperations({ supergraph, documents, charges, recentWriters, queries });
  opened.defer(() => operations.stop());
  const socketSessions = createSocketSessions(sessions);
  opened.defer(() => socketSessions.close());
  const { allowedOrigins } = addresses;
  const answerOperation = createHttpEndpoint({ operations, persisted, visitors, allowedOrigins });
  const sockets = createSockets({
    protocol: createSocketProtocol({
      supergraph,
      documents,
      charges,
      persisted,
      operations,
      visitors,
      sessions: socketSessions,
      perViewer: createTally(settings.socketsPerViewer),
    }),
    perAddress: createTally(settings.socketsPerAddress),
    perSite: createTally(settings.socketsPerAddress * NETWORKS_OF_SITE),
    held: createTally(settings.socketsPerAddress * HELD_PER_SOCKET),
    atMost: settings.socketsPerGateway,
    addressOf: visitors.address,
    allowedOrigins,
  });
  let draining = false;

  /** Anybody may ask, and pays nothing: who asks while it is found out hears the same. */
  let finding: Promise<Readiness> | null = null;
  const ready = (): Promise<Readiness> =>
    (finding ??= findReadiness().finally(() => {
      finding = null;
    }));

  /** Of the subgraphs as they are now: a swap may have brought others. */
  async function findReadiness(): Promise<Readiness> {
    const checks = [...supergraph.sources].map(([name, source]) => [name, () => source.ready()] as const);
    const found = await readiness(Object.fromEntries(checks));
    return draining ? { ok: false, checks: { ...found.checks, drain: 'this process is stopping' } } : found;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = urlOf(request);
    const [, first = '', file = ''] = pathname.split('/');
    if (pathname === '/graphql') {
      if (wantsPlayground(request) && (await servePlayground(request, response, playground))) return;
      return await answerOperation(request, response);
    }
    if (pathname === '/health/live') return respond(response, 200, { ok: true });
    if (pathname === '/health/ready') return answerReady(response, await ready());
    if (first === 'playground' && (await servePlayground(request, response, file))) return;
    const route = Object.hasOwn(routes, first) ? routes[first] : undefined;
    if (route !== undefined) return await route(request, response);
    const link = wantsPlayground(request) ? playgroundLinkOf(urlOf(request)) : null;
    if (link !== null) return redirect(response, link);
    refuse(response, 404, 'NOT_FOUND', 'There is nothing here. GraphQL is at /graphql.');
  }

  const server = createServer(
    { requestTimeout: REQUEST_WITHIN_MS, headersTimeout: HEADERS_WITHIN_MS, keepAliveTimeout: IDLE_MS },
    (request, response) => {
      if (!server.listening) response.setHeader('connection', 'close');
      answer(request, response).catch((err: unknown) => {
        log.error({ err }, 'request failed');
        if (response.headersSent) response.destroy();
        else refuse(response, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.');
      });
    },
  );
  server.timeout = stalledMs;
  server.on('upgrade', sockets.upgrade);
  const url = await listen(server, addresses.host, addresses.port);

  const running = opened.move();
  return {
    url,
    ready,
    expectReady: async () => {
      const { ok, checks } = await ready();
      if (!ok) throw new Error(JSON.stringify(checks));
    },
    openSockets: sockets.open,
    swap: supergraph.swap,
    stop: async () => {
      draining = true;
      await Promise.all([sockets.drain(), closeGently(server)]);
      await running.disposeAsync();
    },
  };
}

/** Which of them fails is for everybody; why is for the log. */
function answerReady(response: ServerResponse, { ok, checks }: Readiness): void {
  if (!ok) log.warn({ checks }, 'not ready');
  const told = Object.entries(checks).map(([name, answer]) => [name, answer === 'ok' ? answer : 'not ready']);
  respond(response, ok ? 200 : 503, { ok, checks: Object.fromEntries(told) });
}

function respond(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
}
