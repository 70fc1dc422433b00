import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type DocumentNode, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import pg from 'pg';
import { localSource } from '../gateway/local-source.ts';
import type { SubgraphSource } from '../gateway/source.ts';
import { subscribe } from '../gateway/subscriptions.ts';
import { createSupergraph, type Supergraph } from '../gateway/supergraph.ts';
import { startFollowSubgraph } from '../subgraphs/follow/follow-subgraph.ts';
import type { Subgraph } from '../subgraphs/subgraph.ts';
import { startTimelineSubgraph } from '../subgraphs/timeline/timeline-subgraph.ts';
import { startTweetSubgraph } from '../subgraphs/tweet/tweet-subgraph.ts';
import { startUserSubgraph } from '../subgraphs/user/user-subgraph.ts';
import type { Caller, Viewer } from '../subgraphs/viewer.ts';
import type { RelayWorker } from '../subgraphs/worker.ts';

/** The four subgraphs in this process, asked through Apollo's plans, with no gateway around and no worker beside them. */
export interface Whole {
  supergraph: Supergraph;
  subgraphs: Record<string, Subgraph>;
  run(text: string, variables?: object, viewer?: Viewer | null): Promise<ExecutionResult>;
  /** The first event of a stream, which is then left. */
  hear(text: string, variables: object, viewer: Viewer | null): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

/** So that nobody is told of an event by a statement of its own. */
const relay: RelayWorker = { ring: () => true, ready: async () => undefined, stop: async () => undefined };

/** @param around what is to stand between the plans and a subgraph. */
export async function startWhole(
  environment: NodeJS.ProcessEnv,
  around: (name: string, source: SubgraphSource) => SubgraphSource = (_, source) => source,
): Promise<Whole> {
  // With a replica they would look every second how far it lags, by statements that nobody asked for.
  const told = Object.entries(environment).filter(([name]) => !name.endsWith('_REPLICA_URL'));
  const env: NodeJS.ProcessEnv = {
    PUBLIC_URL: 'http://localhost:4000',
    ...Object.fromEntries(told),
    RATE_LIMIT_SCALE: '1000000',
  };
  await using stack = new AsyncDisposableStack();
  const running = (subgraph: Subgraph): Subgraph => stack.adopt(subgraph, (each) => each.stop());
  const subgraphs: Record<string, Subgraph> = {
    user: running(await startUserSubgraph(env, relay)),
    tweet: running(await startTweetSubgraph(env, relay)),
    follow: running(await startFollowSubgraph(env, relay)),
    timeline: running(await startTimelineSubgraph(env)),
  };
  const supergraph = createSupergraph(
    readFileSync(join(import.meta.dirname, '../gateway/supergraph.graphql'), 'utf8'),
    ({ name }) => {
      const subgraph = subgraphs[name];
      if (subgraph === undefined) throw new Error(`There is no subgraph ${name}.`);
      return around(name, localSource(subgraph));
    },
  );
  const { executor } = await supergraph.gateway.load();
  stack.defer(() => supergraph.gateway.stop());
  const documents = new Map<string, DocumentNode>();
  const documentOf = (text: string) => {
    const document = documents.get(text) ?? parse(text, { noLocation: true });
    documents.set(text, document);
    return document;
  };
  const callerOf = (viewer: Viewer | null, readsOwnWrites: boolean): Caller => ({
    viewer,
    address: '192.0.2.1',
    userAgent: null,
    readsOwnWrites,
  });
  const started = stack.move();

  return {
    supergraph,
    subgraphs,
    run: async (text, variables = {}, viewer = null) => {
      const document = documentOf(text);
      const operation = operationIn(document);
      const context = {
        caller: callerOf(viewer, operation.operation === 'mutation'),
        signal: new AbortController().signal,
        setCookie: () => undefined,
      };
      return (await executor({
        request: { query: text, variables },
        document,
        operation,
        operationName: operation.name?.value ?? null,
        queryHash: text,
        context,
        metrics: {},
      } as unknown as Parameters<typeof executor>[0])) as ExecutionResult;
    },
    hear: async (text, variables, viewer) => {
      const document = documentOf(text);
      const events = subscribe(
        supergraph,
        { document, operationName: undefined, variables: variables as Record<string, unknown> },
        () => callerOf(viewer, false),
        () => Promise.resolve(FOR_FREE),
        new Set(),
      );
      const { value } = await events.next();
      await events.return();
      if (!value) throw new Error('This stream ended before it told anything.');
      return value;
    },
    stop: () => started.disposeAsync(),
  };
}

const FOR_FREE = { isAllowed: true, notice: { requested: 0, remaining: 0, limit: 0, resetMs: 0 } };

export function operationIn(document: DocumentNode): OperationDefinitionNode {
  const found = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
  if (found === undefined) throw new Error('There is no operation in this.');
  return found;
}

/** How many statements leave this process for Postgres while something is done, those of transactions included. */
export async function countingStatements<T>(work: () => Promise<T>): Promise<{ result: T; count: number }> {
  const original = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query');
  let count = 0;
  pg.Client.prototype.query = new Proxy(pg.Client.prototype.query, {
    apply: (query, client, args) => {
      count += 1;
      return Reflect.apply(query, client, args) as unknown;
    },
  });
  try {
    return { result: await work(), count };
  } finally {
    if (original !== undefined) Object.defineProperty(pg.Client.prototype, 'query', original);
  }
}
