import type { IncomingMessage } from 'node:http';
import {
  getOperationAST,
  getVariableValues,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import { makeServer, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { badUserInput } from '../subgraphs/errors.ts';
import { outgoingError } from './errors.ts';
import type { Operations } from './operations.ts';
import type { SocketSessions } from './socket-sessions.ts';
import { subscribe } from './subscriptions.ts';
import type { Supergraph } from './supergraph.ts';
import type { Visitor, Visitors } from './visitor.ts';

/** One socket of a client. */
export interface SocketVisit {
  socket: WebSocket;
  request: IncomingMessage;
  /** Who it is, once `connection_init` was accepted. */
  visitor?: Visitor;
}

/** Close codes by graphql-ws's protocol. Its clients try again by themselves after both. */
const REFUSED = 4403;
const TRY_AGAIN_LATER = 1013;

const INIT_WITHIN_MS = 5_000;
const OPERATIONS_PER_SOCKET = 100;

/** Runs what `graphqlOf` of an operation made of it: its answer, or its events. */
type Run = () => Promise<ExecutionResult> | AsyncGenerator<ExecutionResult, void, void>;

/** GraphQL over WebSocket, as `graphql-transport-ws` says: queries, mutations and subscriptions. */
export function createSocketProtocol({
  supergraph,
  operations,
  visitors,
  sessions,
}: {
  supergraph: Supergraph;
  operations: Operations;
  visitors: Visitors;
  sessions: SocketSessions;
}): Server<SocketVisit> {
  return makeServer<{ authorization?: unknown }, SocketVisit>({
    connectionInitWaitTimeout: INIT_WITHIN_MS,

    onConnect: async ({ connectionParams, extra }) => {
      const authorization = connectionParams?.authorization;
      try {
        extra.visitor = await visitors.of(
          extra.request,
          typeof authorization === 'string' ? authorization : undefined,
        );
        if (extra.visitor.session !== null) sessions.add(extra.visitor.session, extra.socket);
        return true;
      } catch (err) {
        const { message, extensions } = outgoingError(err);
        extra.socket.close(extensions?.['code'] === 'UNAUTHENTICATED' ? REFUSED : TRY_AGAIN_LATER, message);
        return false;
      }
    },

    onSubscribe: ({ extra: { visitor }, subscriptions }, _id, payload) => {
      if (visitor === undefined) return [badUserInput('Send connection_init first.')];
      if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET)
        return [badUserInput(`A socket runs at most ${OPERATIONS_PER_SOCKET} operations at a time.`)];
      const { query } = payload;
      const operationName = payload.operationName ?? undefined;
      const variables = payload.variables ?? {};
      const { document, errors } = operations.documents.read(query);
      if (errors.length > 0) return errors;
      const operation = getOperationAST(document, operationName);
      if (!operation)
        return [badUserInput('There is no such operation. Say in `operationName` which is meant.')];

      const caller = () => visitors.callerOf(visitor);
      const run: Run =
        operation.operation === 'subscription'
          ? () => subscribe(supergraph, { document, operationName, variables }, caller)
          : () => operations.overSocket({ query, operationName, variables }, caller());
      const schema = supergraph.schema();
      const { errors: faults = [] } = getVariableValues(
        schema,
        operation.variableDefinitions ?? [],
        variables,
      );
      if (faults.length > 0) return faults.map((fault) => badUserInput(fault.message));
      return { schema, document, operationName, contextValue: run };
    },

    execute: ({ contextValue }) => start(contextValue as Run),
    subscribe: ({ contextValue }) => start(contextValue as Run),

    // Both come as they leave.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => errors.map((error) => outgoingError(error)),
  });
}

/** What is thrown here would close the socket, and all else that runs on it. */
async function start(run: Run): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
  try {
    return await run();
  } catch (err) {
    const result: FormattedExecutionResult = { errors: [outgoingError(err)] };
    return result as ExecutionResult;
  }
}
