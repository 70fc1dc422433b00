import {
  GraphQLError,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import { EventQueue } from '../platform/event-queue.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import { firstError } from '../subgraphs/executor.ts';
import type { Spending } from './budget.ts';
import { overBudget } from './charges.ts';
import { outgoingError } from './errors.ts';
import { observeOperation, openSubscriptions, slowSubscribers } from './metrics.ts';
import { startDeadline, type SocketOperation } from './operations.ts';
import type { Call } from './source.ts';
import type { Supergraph } from './supergraph.ts';

/** Events that wait for a client, finished or not. One that is so far behind is better off resuming. */
const EVENTS_WAITING = 128;

/**
 * The events of a subscription as a client selects them, in the order in which its primary's subgraph has them.
 * Returning from it ends the subgraph's stream at once. A subgraph that goes out of reach ends it with an error.
 * One whose budget is spent ends with `RATE_LIMITED`.
 * @param caller is asked for each event: whether one reads one's own writes changes.
 * @param pay takes the cost of each event.
 * @param open has it for as long as it runs.
 */
export function subscribe(
  supergraph: Supergraph,
  { document, operationName, variables }: Omit<SocketOperation, 'query'> & { document: DocumentNode },
  caller: () => Caller,
  pay: (caller: Caller) => Promise<Spending>,
  open: Set<EventQueue<ExecutionResult>>,
): EventQueue<ExecutionResult> {
  const plan = supergraph.planSubscription(document, operationName);
  const source = supergraph.sources.get(plan.subgraph);
  if (source === undefined) throw new Error(`There is no subgraph ${plan.subgraph}.`);
  const stopping = new AbortController();

  const queue = new EventQueue<ExecutionResult>({
    limit: EVENTS_WAITING,
    overflow: () => {
      slowSubscribers.inc();
      return tooSlow();
    },
    onClosed: () => {
      open.delete(queue);
      openSubscriptions.dec();
      stopping.abort();
      stop();
    },
  });

  async function complete(event: FormattedExecutionResult): Promise<ExecutionResult> {
    const began = performance.now();
    const asking = caller();
    const spending = await pay(asking);
    if (!spending.isAllowed) throw overBudget(spending);
    const deadline = startDeadline();
    const call: Call = { caller: asking, signal: deadline.signal, setCookie: () => undefined };
    try {
      const { data, errors } = await plan.complete(event, variables, call);
      observeOperation('subscription', errors !== undefined, performance.now() - began);
      return { ...formatted({ data, errors }), extensions: { cost: spending.notice } };
    } catch (err) {
      return formatted({ errors: [err] });
    } finally {
      deadline.clear();
    }
  }

  open.add(queue);
  openSubscriptions.inc();
  const call: Call = { caller: caller(), signal: stopping.signal, setCookie: () => undefined };
  const stop = source.subscribe(plan.primary(variables), call, {
    next: (event) => queue.push(complete(event)),
    end: (errors) => queue.end(errors === null ? null : firstError(errors)),
  });
  return queue;
}

/** As it leaves: a socket sends it on without another look. */
function formatted({ data, errors }: { data?: unknown; errors?: readonly unknown[] | undefined }) {
  const result: FormattedExecutionResult = {
    ...(data !== undefined && { data: data as FormattedExecutionResult['data'] & object }),
    ...(errors && { errors: errors.map((error) => outgoingError(error)) }),
  };
  return result as ExecutionResult;
}

const tooSlow = () =>
  new GraphQLError('This client does not keep up with its events. Resume after the last cursor.', {
    extensions: { code: 'UNAVAILABLE' },
  });
