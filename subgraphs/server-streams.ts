import {
  getOperationAST,
  parse,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { EventQueue } from '../platform/event-queue.ts';
import { verifyAssertion } from './assertion.ts';
import { badUserInput, unavailable } from './errors.ts';
import { firstError, type Executor, type SubgraphOperation } from './executor.ts';
import type { Subgraph } from './subgraph.ts';
import type { Caller } from './viewer.ts';

/** Events that wait for a gateway that is slow, per stream. */
const EVENTS_WAITING = 256;

/** Over sockets: subscriptions, each socket for one caller, whose assertion comes with `connection_init`. */
export function serveStreams(
  sockets: WebSocketServer,
  subgraph: Subgraph,
  executor: Executor,
  assertionKey: string,
): void {
  const callers = new WeakMap<WebSocket, Caller>();
  const streams = new WeakMap<ExecutionArgs, () => EventQueue<ExecutionResult>>();

  const streamOf = (operation: SubgraphOperation, caller: Caller) => {
    const queue = new EventQueue<ExecutionResult>({
      limit: EVENTS_WAITING,
      overflow: () => unavailable('The gateway does not keep up with this stream.'),
      onClosed: () => stop(),
    });
    const stop = executor.subscribe(
      operation,
      { caller, setCookie: () => undefined },
      {
        // `onNext` below sends them on as they are.
        next: (event) => queue.push(event as ExecutionResult),
        end: (errors) => queue.end(errors === null ? null : firstError(errors)),
      },
    );
    return queue;
  };

  useServer<{ assertion?: unknown }>(
    {
      onConnect: ({ connectionParams, extra }) => {
        const assertion = connectionParams?.assertion;
        if (typeof assertion !== 'string') return false;
        const caller = verifyAssertion(assertionKey, subgraph.name, assertion, 'connection_init');
        if (caller === null) return false;
        callers.set(extra.socket, caller);
        return true;
      },
      onSubscribe: ({ extra }, _id, { query, operationName, variables }) => {
        const caller = callers.get(extra.socket);
        const document = parse(query);
        if (caller === undefined || getOperationAST(document, operationName)?.operation !== 'subscription') {
          return [badUserInput('Over a socket this subgraph answers subscriptions only.')];
        }
        const operation = {
          query,
          operationName: operationName ?? undefined,
          variables: variables ?? undefined,
        };
        const args = { schema: subgraph.schema, document, operationName: operation.operationName };
        streams.set(args, () => streamOf(operation, caller));
        return args;
      },
      subscribe: (args) => streams.get(args)?.() ?? { errors: [] },
      onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    },
    sockets,
  );
}
