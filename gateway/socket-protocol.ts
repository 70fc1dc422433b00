import type { IncomingMessage } from 'node:http';
import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { EventQueue } from '../platform/event-queue.ts';
import { badUserInput } from '../subgraphs/errors.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import { costOfText, overBudget, type Charge, type Charges } from './charges.ts';
import type { Documents } from './documents.ts';
import { outgoingError } from './errors.ts';
import { checkVariables } from './limits.ts';
import { unknownDocument, type PersistedOperations } from './persisted-operations.ts';
import type { Operations } from './operations.ts';
import type { SocketSessions } from './socket-sessions.ts';
import { subscribe } from './subscriptions.ts';
import type { Supergraph } from './supergraph.ts';
import type { Tally } from './tally.ts';
import type { Visitor, Visitors } from './visitor.ts';

/** One socket of a client. */
export interface SocketVisit {
  socket: WebSocket;
  request: IncomingMessage;
  /** Who it is, once `connection_init` was accepted. */
  visitor?: Visitor;
  /** What runs on it. graphql-ws loses sight of a stream whose id its client uses again before it has begun. */
  streams: Set<EventQueue<ExecutionResult>>;
}

/** Close codes by graphql-ws's protocol. Its clients try again by themselves after these two. */
const REFUSED = 4403;
const TRY_AGAIN_LATER = 1013;
/** They take this one for final, so that nobody tries again for ever. */
const TOO_MANY = 4429;

const INIT_WITHIN_MS = 5_000;
const OPERATIONS_PER_SOCKET = 100;
const MALFORMED = 4400;
/** What `connection_init` says is kept for as long as its socket: a token has some hundred characters. */
const INIT_LIMIT = 4_000;
/** It is said again with each event. */
const ID_LIMIT = 100;

/** Runs what `graphqlOf` of an operation made of it: its answer, or its events. */
type Run = () => Promise<ExecutionResult> | AsyncGenerator<ExecutionResult, void, void>;

/** GraphQL over WebSocket, as `graphql-transport-ws` says: queries, mutations and subscriptions. */
export function createSocketProtocol({
  supergraph,
  documents,
  charges,
  persisted,
  operations,
  visitors,
  sessions,
  perViewer,
}: {
  supergraph: Supergraph;
  documents: Documents;
  charges: Charges;
  persisted: PersistedOperations;
  operations: Operations;
  visitors: Visitors;
  sessions: SocketSessions;
  /** Counts those of each account. */
  perViewer: Tally;
}): Server<SocketVisit> {
  /** Reads what a client asks for and takes its cost; throws what it is refused with. */
  async function prepare(
    {
      query: text,
      documentId,
      operationName: name,
      variables: given,
    }: SubscribePayload & { documentId?: unknown },
    caller: () => Caller,
    streams: SocketVisit['streams'],
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const paying = caller();
    const before = charges.refusedBefore(paying);
    if (before !== null) throw overBudget(before);
    const query = text === '' && typeof documentId === 'string' ? persisted.textOf(documentId) : text;
    if (query === undefined) throw unknownDocument();
    const operationName = name ?? undefined;
    const variables = given ?? {};
    checkVariables(variables);
    const { document, errors, isNew } = documents.read(query);
    /** Nothing is run of a text, which is paid for where it had to be read. */
    const refused = async (faults: readonly GraphQLError[]) => {
      if (errors.length === 0 && !isNew) return faults;
      const spending = await charges.unusable(paying, query);
      return spending.isAllowed ? faults : [overBudget(spending)];
    };
    if (errors.length > 0) return await refused(errors);
    const operation = getOperationAST(document, operationName);
    if (!operation)
      return await refused([
        badUserInput('There is no such operation. Say in `operationName` which is meant.'),
      ]);
    const faults = documents.faultsIn(operation, variables);
    if (faults.length > 0) return await refused(faults);
    const read = isNew ? costOfText(query) : 0;
    let spending: Charge;
    try {
      spending = await charges.operation(paying, document, operation, variables, { read });
    } catch (err) {
      if (err instanceof GraphQLError) return await refused([err]);
      throw err;
    }
    if (!spending.isAllowed) throw overBudget(spending);

    const payForEvent = (asking: Caller) => charges.event(asking, spending);
    const run: Run =
      operation.operation === OperationTypeNode.SUBSCRIPTION
        ? () => {
            if (streams.size >= OPERATIONS_PER_SOCKET) throw tooManyOperations();
            return subscribe(
              supergraph,
              { document, operationName, variables },
              caller,
              payForEvent,
              streams,
            );
          }
        : () => operations.overSocket({ query, operationName, variables }, caller(), spending);
    return { schema: supergraph.schema(), document, operationName, contextValue: run };
  }

  return makeServer<{ authorization?: unknown }, SocketVisit>({
    // An operation that is named by its documentId has no text, which the protocol asks for.
    jsonMessageReviver: (key, value: unknown) =>
      key === 'payload' && isNamedById(value) ? { query: '', ...value } : value,
    connectionInitWaitTimeout: INIT_WITHIN_MS,

    onConnect: async ({ connectionParams, extra }) => {
      if (JSON.stringify(connectionParams ?? {}).length > INIT_LIMIT) {
        extra.socket.close(MALFORMED, `connection_init has at most ${INIT_LIMIT} characters`);
        return false;
      }
      const authorization = connectionParams?.authorization;
      try {
        extra.visitor = await visitors.of(
          extra.request,
          typeof authorization === 'string' ? authorization : undefined,
        );
        const { session } = extra.visitor;
        // Its client may have left meanwhile.
        if (extra.socket.readyState !== extra.socket.OPEN) return false;
        if (session === null) return true;
        if (perViewer.isFull(session.userId)) {
          extra.socket.close(TOO_MANY, 'RATE_LIMITED: this account has too many sockets open');
          return false;
        }
        extra.socket.once('close', perViewer.add(session.userId));
        sessions.add(session, extra.socket);
        return true;
      } catch (err) {
        const { message, extensions } = outgoingError(err);
        extra.socket.close(extensions?.['code'] === 'UNAUTHENTICATED' ? REFUSED : TRY_AGAIN_LATER, message);
        return false;
      }
    },

    onSubscribe: async ({ extra: { socket, visitor, streams }, subscriptions }, id, payload) => {
      if (id.length > ID_LIMIT) {
        const message = `The id of an operation has at most ${ID_LIMIT} characters`;
        socket.close(MALFORMED, message);
        return [badUserInput(message)];
      }
      if (visitor === undefined) return [badUserInput('Send connection_init first.')];
      if (Object.keys(subscriptions).length > OPERATIONS_PER_SOCKET) return [tooManyOperations()];
      const caller = () => visitors.callerOf(visitor);
      try {
        return await prepare(payload, caller, streams);
      } catch (err) {
        if (err instanceof GraphQLError) return [err];
        throw err;
      }
    },

    execute: ({ contextValue }) => start(contextValue as Run),
    subscribe: ({ contextValue }) => start(contextValue as Run),

    // Both come as they leave.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => errors.map((error) => outgoingError(error)),

    onClose: async ({ extra: { streams } }) => {
      await Promise.all([...streams].map((stream) => stream.return()));
    },
  });
}

const tooManyOperations = () =>
  badUserInput(`A socket runs at most ${OPERATIONS_PER_SOCKET} operations at a time.`);

const isNamedById = (payload: unknown): payload is { documentId: string } =>
  typeof payload === 'object' &&
  payload !== null &&
  'documentId' in payload &&
  typeof payload.documentId === 'string';

/** What is thrown here would close the socket, and all else that runs on it. */
async function start(run: Run): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>> {
  try {
    return await run();
  } catch (err) {
    const result: FormattedExecutionResult = { errors: [outgoingError(err)] };
    return result as ExecutionResult;
  }
}
