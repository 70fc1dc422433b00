import { HeaderMap } from '@apollo/server';
import type { DocumentNode, GraphQLError, OperationDefinitionNode } from 'graphql';
import { badUserInput, rateLimited } from '../subgraphs/errors.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import type { Budget, CostNotice, Spending } from './budget.ts';
import { readCost, type CostOf } from './cost.ts';
import { withStatus } from './errors.ts';
import type { Supergraph } from './supergraph.ts';

/** Takes what operations cost from who asks, before anything is planned or run for them. */
export interface Charges {
  /** How the caller was refused, while nothing is left: then nothing of theirs need be read. */
  refusedBefore(caller: Caller): Spending | null;
  /**
   * Of an operation, before it runs; `more` is added to it. Rejects with `BAD_USER_INPUT` when it costs more than any
   * may, whatever is left.
   * @param document is valid.
   */
  operation(
    caller: Caller,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
    more?: number,
  ): Promise<Spending>;
  /** Of a text that cannot be run, for having read it. */
  unusable(caller: Caller, text: string): Promise<Spending>;
  /** Of one event of a subscription, which is what the subscription cost. */
  event(caller: Caller, subscription: CostNotice): Promise<Spending>;
}

/** Six times the dearest operation of our client. */
const OPERATION_LIMIT = 12_000;
/** What the mutations of one operation declare together: five sign-ins, or twenty-five tweets. */
const DECLARED_MUTATIONS_LIMIT = 250;
/** Reading 100 kB of text that means nothing takes up to 0.3 s. */
const CHARACTERS_PER_POINT = 50;

export function createCharges(supergraph: Supergraph, budget: Budget): Charges {
  const known = new WeakMap<OperationDefinitionNode, CostOf>();

  function costOf(document: DocumentNode, operation: OperationDefinitionNode): CostOf {
    const read = known.get(operation);
    if (read !== undefined) return read;
    const costs = readCost(supergraph.schema(), supergraph.costDirectives(), document, operation);
    known.set(operation, costs);
    return costs;
  }

  return {
    refusedBefore: (caller) => budget.refusedBefore(caller),
    operation: async (caller, document, operation, variables, more = 0) => {
      const { total, declaredAtRoot } = costOf(document, operation)(variables);
      if (total > OPERATION_LIMIT)
        throw badUserInput(
          `This operation costs ${total}, and ${OPERATION_LIMIT} at most is run at once. Ask for shorter lists, or for less of each thing in them.`,
          { requestedCost: total, maximumCost: OPERATION_LIMIT },
        );
      if (operation.operation === 'mutation' && declaredAtRoot > DECLARED_MUTATIONS_LIMIT)
        throw badUserInput('These are too many costly mutations for one operation. Send them in several.');
      // A variable may be any number, until it is looked at by whoever runs the operation.
      return await budget.spend(caller, Math.max(1, Math.ceil(total + more)));
    },
    unusable: (caller, text) => budget.spend(caller, costOfText(text)),
    event: (caller, { requested }) => budget.spend(caller, requested),
  };
}

/** Of reading or keeping a text. */
export const costOfText = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_POINT);

/** How a refusal leaves, however it was asked. */
export function overBudget({ notice }: Spending): GraphQLError {
  return withStatus(rateLimited(Math.ceil(notice.resetMs)), 429, headersOf(notice, true));
}

/** What every answer says of the budget: whole seconds, as the draft of the IETF has it. */
export function headersOf({ limit, remaining, resetMs }: CostNotice, isRefused: boolean): HeaderMap {
  const resetS = String(Math.ceil(resetMs / 1_000));
  return new HeaderMap([
    ['ratelimit-limit', String(limit)],
    ['ratelimit-remaining', String(remaining)],
    ['ratelimit-reset', resetS],
    ...(isRefused ? [['retry-after', resetS] as const] : []),
  ]);
}
