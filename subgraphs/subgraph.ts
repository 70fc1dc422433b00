import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from './viewer.ts';

/**
 * A subgraph that can be asked: in the gateway's own process, or through `serveSubgraph` over HTTP and WebSocket.
 * Either way it is told who asks by the gateway, and by nobody else.
 */
export interface Subgraph {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  /** What the resolvers of one request share: the viewer, and loaders that live no longer than it. */
  context(request: SubgraphRequest): object;
  /** Rejects while something that it cannot do without is out of reach. */
  ready(): Promise<void>;
  /** Stops its workers, ends its streams, lets running work finish, closes its connections. */
  stop(): Promise<void>;
}

export interface SubgraphRequest {
  caller: Caller;
  /** Adds a `Set-Cookie` to the response. The gateway passes on those of `user` alone. */
  setCookie(cookie: string): void;
}

type SchemaModules = Parameters<typeof buildSubgraphSchema>[0];
type ResolverMap = NonNullable<Extract<SchemaModules, { resolvers?: unknown }>['resolvers']>;

/** @param folder `import.meta.dirname` of the subgraph: its `schema.graphql` is the contract. */
export function schemaOf(folder: string, resolvers: object): GraphQLSchema {
  const typeDefs = parse(readFileSync(`${folder}/schema.graphql`, 'utf8'));
  return buildSubgraphSchema({ typeDefs, resolvers: resolvers as ResolverMap });
}
