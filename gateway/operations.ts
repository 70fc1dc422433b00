import {
  ApolloServer,
  HeaderMap,
  type ApolloServerPlugin,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql';
import { createLog } from '../platform/process/log.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import { createDocuments, type Documents } from './documents.ts';
import { outgoingError } from './errors.ts';
import { DEADLINE_MS } from './limits.ts';
import { observeOperation } from './metrics.ts';
import type { RecentWriters } from './recent-writers.ts';
import type { Call } from './source.ts';
import type { Supergraph } from './supergraph.ts';

/** Runs clients' operations: Apollo's pipeline with our documents, limits, deadlines and errors. */
export interface Operations {
  documents: Documents;
  /** @param caller is asked for once the request has passed the check for forgery; what it rejects with is answered. */
  overHttp(
    request: HTTPGraphQLRequest,
    caller: (cookies: string[]) => Promise<Caller>,
  ): Promise<{ answer: HTTPGraphQLResponse; cookies: string[] }>;
  /** Queries and mutations; cookies go nowhere. Errors in the result are as they leave. */
  overSocket(operation: SocketOperation, caller: Caller): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

export interface SocketOperation {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

export async function createOperations(
  supergraph: Supergraph,
  recentWriters: RecentWriters,
): Promise<Operations> {
  const documents = createDocuments(supergraph.schema);
  const server = new ApolloServer<Call>({
    gateway: supergraph.gateway,
    introspection: true,
    documentStore: documents.store,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => outgoingError(error),
    logger: createLog('gateway').child({}, { level: 'warn' }),
    plugins: [
      checks(documents),
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
    documents,
    overHttp: async (request, caller) => {
      const cookies: string[] = [];
      const deadline = startDeadline();
      const context = async (): Promise<Call> => ({
        caller: await caller(cookies),
        signal: deadline.signal,
        setCookie: (cookie) => void cookies.push(cookie),
      });
      try {
        return {
          answer: await server.executeHTTPGraphQLRequest({ httpGraphQLRequest: request, context }),
          cookies,
        };
      } finally {
        deadline.clear();
      }
    },
    overSocket: async (operation, caller) => {
      const deadline = startDeadline();
      const contextValue: Call = { caller, signal: deadline.signal, setCookie: () => undefined };
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

/** A signal that aborts at the deadline, unless it is cleared before. */
export function startDeadline(): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), DEADLINE_MS);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** Answers what cannot be run, before Apollo would try. */
const checks = (documents: Documents): ApolloServerPlugin<Call> => ({
  requestDidStart: async () => ({
    didResolveSource: async ({ source }) => void documents.read(source),
    didResolveOperation: async ({ source, operation, request: { operationName } }) => {
      if (operation === undefined && documents.read(source).errors.length === 0)
        throw badRequest(
          operationName === undefined
            ? 'Say in `operationName` which of the operations is meant.'
            : `There is no operation named "${operationName}".`,
        );
      if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
        throw badRequest('Subscriptions are answered over WebSocket, at the same address.');
    },
    responseForOperation: async ({ source }) => {
      const { errors } = documents.read(source);
      if (errors.length === 0) return null;
      return {
        http: { status: 400, headers: new HeaderMap() },
        body: { kind: 'single', singleResult: { errors: errors.map((error) => outgoingError(error)) } },
      };
    },
  }),
});

/** From a mutation on, also for its own answer, its session reads what it wrote. */
const writes = (recentWriters: RecentWriters): ApolloServerPlugin<Call> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue }) => {
      if (operation?.operation !== OperationTypeNode.MUTATION) return;
      const { caller } = contextValue;
      contextValue.caller = { ...caller, readsOwnWrites: true };
    },
    willSendResponse: async ({ operation, contextValue }) => {
      const sessionId = contextValue.caller.viewer?.sessionId;
      if (operation?.operation === OperationTypeNode.MUTATION && sessionId !== undefined)
        recentWriters.note(sessionId);
    },
  }),
});

const observations: ApolloServerPlugin<Call> = {
  requestDidStart: async () => {
    const began = performance.now();
    return {
      willSendResponse: async ({ operation, response: { body } }) => {
        const failed = body.kind === 'single' && (body.singleResult.errors?.length ?? 0) > 0;
        observeOperation(operation?.operation ?? 'unknown', failed, performance.now() - began);
      },
    };
  },
};

const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
