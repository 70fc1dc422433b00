import { ApolloServer, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { ExecutionResult } from 'graphql';
import { createLog } from '../platform/process/log.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import type { Spending } from './budget.ts';
import { overBudget, type Charges } from './charges.ts';
import type { Documents } from './documents.ts';
import { outgoingError } from './errors.ts';
import { DEADLINE_MS } from './limits.ts';
import { checks, observations, writes } from './plugins.ts';
import type { QueryStore } from './query-store.ts';
import type { RecentWriters } from './recent-writers.ts';
import type { Call } from './source.ts';
import type { Supergraph } from './supergraph.ts';

/** Runs clients' operations: Apollo's pipeline with our documents, limits, deadlines and errors. */
export interface Operations {
  /** @param caller is asked for once the request has passed the check for forgery; what it rejects with is answered. */
  overHttp(
    request: HTTPGraphQLRequest,
    caller: (cookies: string[]) => Promise<Caller>,
  ): Promise<{ answer: HTTPGraphQLResponse; cookies: string[] }>;
  /** Queries and mutations that are paid for; cookies go nowhere. Errors in the result are as they leave. */
  overSocket(operation: SocketOperation, caller: Caller, paid: Spending): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

export interface SocketOperation {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

export interface OperationsOptions {
  supergraph: Supergraph;
  documents: Documents;
  charges: Charges;
  recentWriters: RecentWriters;
  /** Null where clients can't have queries kept. */
  queries: QueryStore | null;
}

export async function createOperations({
  supergraph,
  documents,
  charges,
  recentWriters,
  queries,
}: OperationsOptions): Promise<Operations> {
  const server = new ApolloServer<Call>({
    gateway: supergraph.gateway,
    introspection: true,
    documentStore: documents.store,
    persistedQueries: queries !== null && { cache: automaticallyPersisted(queries, documents) },
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => outgoingError(error),
    logger: createLog('gateway').child({}, { level: 'warn' }),
    plugins: [
      checks(documents, charges),
      writes(recentWriters),
      observations,
      // None of Apollo's own that would ask another host, or show a page of theirs.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();
  supergraph.gateway.onSchemaLoadOrUpdate(() => documents.clear());

  return {
    overHttp: async (request, caller) => {
      const cookies: string[] = [];
      const deadline = startDeadline();
      const context = async (): Promise<Call> => {
        const asking = await caller(cookies);
        const refused = charges.refusedBefore(asking);
        if (refused !== null) throw overBudget(refused);
        return {
          caller: asking,
          signal: deadline.signal,
          setCookie: (cookie) => void cookies.push(cookie),
        };
      };
      try {
        return {
          answer: await server.executeHTTPGraphQLRequest({ httpGraphQLRequest: request, context }),
          cookies,
        };
      } finally {
        deadline.clear();
      }
    },
    overSocket: async (operation, caller, paid) => {
      const deadline = startDeadline();
      const contextValue: Call = { caller, signal: deadline.signal, setCookie: () => undefined, paid };
      try {
        const { body } = await server.executeOperation(
          {
            query: operation.query,
            variables: operation.variables,
            ...(operation.operationName !== undefined && { operationName: operation.operationName }),
          },
          { contextValue },
        );
        if (body.kind !== 'single') throw new Error('Answers in parts are not asked for.');
        return body.singleResult as ExecutionResult;
      } finally {
        deadline.clear();
      }
    },
    stop: () => server.stop(),
  };
}

/** Apollo looks here for texts by their hashes, and brings those that it had to be sent: wrong ones, too. */
const automaticallyPersisted = (queries: QueryStore, documents: Documents) => ({
  get: (key: string) => queries.get(hashIn(key)),
  set: async (key: string, text: string) => {
    if (documents.read(text).errors.length === 0) await queries.set(hashIn(key), text);
  },
  delete: async () => undefined,
});

const hashIn = (key: string): string => key.replace(/^apq:/, '');

/** A signal that aborts at the deadline, unless it is cleared before. */
export function startDeadline(): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), DEADLINE_MS);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
