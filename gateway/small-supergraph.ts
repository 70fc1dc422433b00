import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { EventQueue } from '../platform/event-queue.ts';
import { loadAddresses } from '../platform/process/addresses.ts';
import { createLog } from '../platform/process/log.ts';
import { serveSubgraph } from '../subgraphs/server.ts';
import type { LiveSession, SessionSource } from '../subgraphs/session.ts';
import type { Subgraph, SubgraphRequest } from '../subgraphs/subgraph.ts';
import { loadGatewaySettings } from './config.ts';
import { startGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { localSource } from './local-source.ts';
import { remoteSessions } from './remote-sessions.ts';
import { remoteSource } from './remote-source.ts';

// For tests: two real subgraphs, small enough to see through, behind a real gateway.

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;

const USER = `${LINK}
  type Query { user(id: ID!): User, caller: String }
  type Mutation { signIn: String, rename(id: ID!, name: String!): User }
  type User @key(fields: "id") { id: ID! name: String broken: String slow: String caller: String }`;

const TIMELINE = `${LINK}
  scalar DateTime
  type Query { entry(cursor: ID!): Entry, at(when: DateTime!): String, self: Entry, crash: String, cookie: String }
  type Mutation { announce(cursor: ID!): Entry }
  type Subscription { home(prefix: String): Entry }
  type Entry { cursor: ID! author: User self: Entry broken: String! }
  type User @key(fields: "id", resolvable: false) { id: ID! }`;

export const KEYS: Record<string, string> = { user: 'key of user', timeline: 'key of timeline' };

export interface SmallSupergraph {
  gateway: Gateway;
  sessions: TestSessions;
  /** Sends an entry to all streams. */
  announce(cursor: string): void;
  /** Ends all streams with an error. */
  breakStreams(): void;
  /** How many streams the timeline subgraph has open. */
  streams(): number;
  /** Lets `User.slow` answer. */
  letGo(): void;
  /** Of each subgraph's own server; empty where they run in the gateway's process. */
  urls: Record<string, string>;
  /** Stops the server of one subgraph, as if it had died. */
  stopSubgraph(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Sessions kept in memory. */
export interface TestSessions extends SessionSource {
  /** @param secret of a cookie and a bearer token alike. */
  begin(secret: string, session?: Partial<LiveSession>): void;
  /** @param quietly without telling anybody. */
  end(secret: string, quietly?: boolean): void;
  /** How often `find` was asked. */
  finds: number;
  unreachable: boolean;
}

export function testSessions(): TestSessions {
  const live = new Map<string, LiveSession>();
  const listeners = new Set<(sessionId: string) => void>();
  const reachable = () => {
    if (sessions.unreachable) throw new Error('connect ECONNREFUSED');
  };
  const sessions: TestSessions = {
    finds: 0,
    unreachable: false,
    begin: (secret, session) => {
      const expiresAt = new Date(Date.now() + 3_600_000);
      live.set(secret, { id: `session-${secret}`, userId: `user-${secret}`, expiresAt, ...session });
    },
    end: (secret, quietly = false) => {
      const session = live.get(secret);
      live.delete(secret);
      if (session !== undefined && !quietly) for (const listener of listeners) listener(session.id);
    },
    find: async ({ secret }) => {
      sessions.finds++;
      reachable();
      return live.get(secret) ?? null;
    },
    stands: async (sessionId) => {
      reachable();
      return [...live.values()].some(({ id }) => id === sessionId);
    },
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return sessions;
}

interface Entry {
  cursor: string;
}

function createSubgraphs() {
  const streams = new Map<EventQueue<{ home: Entry }>, string>();
  const slow = Promise.withResolvers<string>();
  const entry = (cursor: string) => ({ cursor, author: { id: cursor }, self: () => entry(cursor) });

  const user = subgraph('user', USER, {
    Query: {
      user: (_: unknown, { id }: { id: string }) => ({ id }),
      caller: (_: unknown, _args: unknown, { caller }: SubgraphRequest) => JSON.stringify(caller),
    },
    Mutation: {
      signIn: (_: unknown, _args: unknown, { setCookie }: SubgraphRequest) => {
        setCookie('roost_session=new; Path=/');
        return 'welcome';
      },
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ id, name }),
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id, name }: { id: string; name?: string }) => name ?? `name of ${id}`,
      broken: () => {
        throw new Error('secret words');
      },
      slow: () => slow.promise,
      caller: (_: unknown, _args: unknown, { caller }: SubgraphRequest) => JSON.stringify(caller),
    },
  });

  const timeline = subgraph('timeline', TIMELINE, {
    Query: {
      entry: (_: unknown, { cursor }: Entry) => entry(cursor),
      at: (_: unknown, { when }: { when: string }) => when,
      self: () => entry('self'),
      crash: () => {
        throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
      },
      cookie: (_: unknown, _args: unknown, { setCookie }: SubgraphRequest) => {
        setCookie('stolen=1');
        return 'tried';
      },
    },
    Mutation: { announce: (_: unknown, { cursor }: Entry) => entry(cursor) },
    Subscription: {
      home: {
        subscribe: (_: unknown, { prefix }: { prefix: string | null }) => {
          const stream = new EventQueue<{ home: Entry }>({
            limit: 10_000,
            overflow: () => new Error('too many'),
            onClosed: () => streams.delete(stream),
          });
          streams.set(stream, prefix ?? '');
          return stream;
        },
      },
    },
    Entry: {
      broken: () => {
        throw new Error('secret words');
      },
    },
  });

  return {
    user,
    timeline,
    streams: () => streams.size,
    announce: (cursor: string) => {
      for (const [stream, prefix] of streams) stream.push({ home: entry(prefix + cursor) });
    },
    breakStreams: () => {
      for (const stream of streams.keys()) stream.end(new Error('secret words'));
    },
    letGo: () => slow.resolve('at last'),
  };
}

/** The user subgraph alone; its `User.slow` never answers. */
export const userSubgraph = (): Subgraph => createSubgraphs().user;

function subgraph(name: string, typeDefs: string, resolvers: object): Subgraph {
  return {
    name,
    schema: buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers: resolvers as never }),
    log: createLog(name),
    context: (request) => request,
    ready: async () => undefined,
    stop: async () => undefined,
  };
}

export function smallSupergraphSdl(urls: Record<string, string> = {}): string {
  const { supergraphSdl, errors } = composeServices([
    { name: 'user', url: urls['user'] ?? 'http://user', typeDefs: parse(USER) },
    { name: 'timeline', url: urls['timeline'] ?? 'http://timeline', typeDefs: parse(TIMELINE) },
  ]);
  if (supergraphSdl === undefined) throw new AggregateError(errors);
  return supergraphSdl;
}

/** @param shape whether the gateway asks its subgraphs in process, or over HTTP and WebSocket. */
export async function startSmallSupergraph(
  shape: 'in process' | 'distributed',
  env: NodeJS.ProcessEnv = {},
  more: Pick<GatewayOptions, 'routes' | 'stalledMs'> = {},
): Promise<SmallSupergraph> {
  const { user, timeline, ...handles } = createSubgraphs();
  const sessions = testSessions();
  const servers: Record<string, Awaited<ReturnType<typeof serveSubgraph>>> = {};
  const urls: Record<string, string> = {};
  if (shape === 'distributed') {
    for (const each of [user, timeline]) {
      const assertionKey = KEYS[each.name] ?? '';
      const server = await serveSubgraph(each, { host: '127.0.0.1', port: 0, assertionKey, sessions });
      servers[each.name] = server;
      urls[each.name] = server.url;
    }
  }
  const gateway = await startGateway({
    supergraphSdl: smallSupergraphSdl(urls),
    sourceFor: ({ name, url }) =>
      shape === 'distributed'
        ? remoteSource({ name, url, assertionKey: KEYS[name] ?? null })
        : localSource(name === 'user' ? user : timeline),
    sessions:
      shape === 'distributed' && urls['user'] !== undefined
        ? remoteSessions({ url: urls['user'], assertionKey: KEYS['user'] ?? '' })
        : sessions,
    addresses: { ...loadAddresses({ PORT: '4000', ...env }), port: 0 },
    settings: loadGatewaySettings(env),
    routes: { extra: (_request, response) => void response.end('an extra route') },
    ...more,
  });
  return {
    gateway,
    sessions,
    urls,
    ...handles,
    stopSubgraph: async (name) => await servers[name]?.close(),
    stop: async () => {
      handles.letGo();
      await gateway.stop();
      for (const server of Object.values(servers)) await server.close();
    },
  };
}
