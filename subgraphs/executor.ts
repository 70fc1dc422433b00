import {
  execute,
  GraphQLError,
  parse,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';
import { BoundedMap } from '../platform/bounded-map.ts';
import { badUserInput, clientError, unavailable } from './errors.ts';
import type { Subgraph, SubgraphRequest } from './subgraph.ts';

/** What a gateway asks of a subgraph: a piece of a client's operation, as its plan wrote it. */
export interface SubgraphOperation {
  query: string;
  operationName?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}

/** Runs operations on one subgraph, in process and behind `serveSubgraph` alike, so both answer the same. */
export interface Executor {
  /** Never rejects: what went wrong is in `errors`, fit to leave. */
  execute(operation: SubgraphOperation, request: SubgraphRequest): Promise<FormattedExecutionResult>;
  /** Returns how to stop it, which takes effect at once: nothing reaches the sink after it. */
  subscribe(operation: SubgraphOperation, request: SubgraphRequest, sink: SubscriptionSink): () => void;
}

/** Where the events of a subscription go, in order. */
export interface SubscriptionSink {
  next(event: FormattedExecutionResult): void;
  /** Called once, last. Null when the stream came to its end by itself. */
  end(errors: Errors | null): void;
}

export type Errors = readonly GraphQLFormattedError[];

/** Texts come from the gateway's plans, of which there are as many as clients have operations. */
const DOCUMENTS = 2_000;

export function createExecutor(subgraph: Subgraph): Executor {
  const documents = new BoundedMap<string, DocumentNode | GraphQLError[]>(DOCUMENTS);

  /** Validated too: a literal that a scalar refuses is found here, since the gateway does not know our scalars. */
  function documentOf(text: string): DocumentNode | GraphQLError[] {
    const known = documents.get(text);
    if (known !== undefined) return known;
    const read = readDocument(subgraph, text);
    documents.set(text, read);
    return read;
  }

  function argumentsOf(
    operation: SubgraphOperation,
    request: SubgraphRequest,
  ): ExecutionArgs | { errors: Errors } {
    const document = documentOf(operation.query);
    if (Array.isArray(document)) return { errors: document.map((error) => error.toJSON()) };
    return {
      schema: subgraph.schema,
      document,
      contextValue: subgraph.context(request),
      operationName: operation.operationName,
      variableValues: operation.variables,
    };
  }

  const outgoing = ({ data, errors }: ExecutionResult): FormattedExecutionResult => ({
    ...(data !== undefined && { data }),
    ...(errors && { errors: errors.map((error) => clientError(codeOf(error), subgraph.log).toJSON()) }),
  });

  const failure = (err: unknown): Errors => {
    const error = new GraphQLError('Something went wrong on our side.', { originalError: asError(err) });
    return [clientError(error, subgraph.log).toJSON()];
  };

  return {
    execute: async (operation, request) => {
      try {
        const args = argumentsOf(operation, request);
        return 'errors' in args ? args : outgoing(await execute(args));
      } catch (err) {
        return { errors: failure(err) };
      }
    },

    subscribe: (operation, request, sink) => {
      let stopped = false;
      let stream: AsyncGenerator<ExecutionResult, void, void> | undefined;

      async function run(): Promise<Errors | null> {
        const args = argumentsOf(operation, request);
        if ('errors' in args) return args.errors;
        const subscribed = await subscribe(args);
        if (!(Symbol.asyncIterator in subscribed)) return outgoing(subscribed).errors ?? [];
        stream = subscribed;
        if (stopped) leave();
        for await (const event of stream) if (!stopped) sink.next(outgoing(event));
        return null;
      }

      // Not awaited: a source that is an `async function*` does not settle before its next event.
      const leave = () => void stream?.return().catch(() => undefined);
      const end = (errors: Errors | null) => {
        if (!stopped) sink.end(errors);
      };
      void run().then(end, (err: unknown) => end(failure(err)));
      return () => {
        stopped = true;
        leave();
      };
    },
  };
}

/** For where only one error can be told, as at the end of a stream. */
export function firstError([error]: Errors): GraphQLError {
  if (error === undefined) return unavailable('The stream could not be opened.');
  return new GraphQLError(error.message, { path: error.path ?? null, extensions: error.extensions ?? null });
}

function readDocument({ schema }: Subgraph, text: string): DocumentNode | GraphQLError[] {
  try {
    const document = parse(text, { noLocation: true });
    const errors = validate(schema, document);
    return errors.length === 0 ? document : errors.map((error) => badUserInput(error.message));
  } catch (err) {
    return [badUserInput(asError(err).message)];
  }
}

/** What graphql itself refuses comes without a code, and is about a variable, an argument or the operation's name. */
function codeOf(error: GraphQLError): GraphQLError {
  const { message, path, extensions, originalError } = error;
  const refused = path === undefined || originalError instanceof GraphQLError;
  if (extensions['code'] !== undefined || !refused) return error;
  return new GraphQLError(message, { path: path ?? null, extensions: { code: 'BAD_USER_INPUT' } });
}

const asError = (err: unknown): Error => (err instanceof Error ? err : new Error(String(err)));
