import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import { unavailable } from '../subgraphs/errors.ts';
import type { SubgraphOperation, SubscriptionSink } from '../subgraphs/executor.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import type { Spending } from './budget.ts';

/**
 * Terminology
 * - *operation*: what a client sends. Its *plan* says which pieces of it go to which subgraphs, and in which order.
 * - *source*: how the gateway asks one subgraph, in process or over the network. The rest cannot tell which.
 * - *caller*: on whose behalf. Sources pass it on; nothing that a client sends gets there otherwise.
 * - *primary*: of a subscription, the piece that is subscribed to; *rest*: what is asked of others for each event.
 */
export interface SubgraphSource {
  /** Never rejects: a subgraph out of reach is an error in the result, like all else that goes wrong. */
  execute(operation: SubgraphOperation, call: Call): Promise<FormattedExecutionResult>;
  /** Returns how to stop it; nothing reaches the sink after it. A subgraph out of reach ends it. */
  subscribe(operation: SubgraphOperation, call: Call, sink: SubscriptionSink): () => void;
  /** Rejects when the subgraph is out of reach or not ready. */
  ready(): Promise<void>;
  /** Lets go of its connections. */
  close(): Promise<void>;
}

/** What belongs to one operation of a client, for all subgraphs that are asked on its behalf. */
export interface Call {
  caller: Caller;
  /** Aborts at the operation's deadline: a source then answers `TIMEOUT`. */
  signal: AbortSignal;
  setCookie(cookie: string): void;
  /** What was taken for it already; left out while nothing was. */
  paid?: Spending;
}

export const timeout = () =>
  new GraphQLError('This took too long. What was ready in time is here.', {
    extensions: { code: 'TIMEOUT' },
  });

export const outOfReach = () => unavailable('A part of the service is out of reach. Try again shortly.');
