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
   * Of an operation, before it runs. Rejects with `BAD_USER_INPUT` when it costs more than any may, whatever is left;
   * nothing is taken then.
   * @param document is valid.
   * @param text what is to be paid for that.
   */
  operation(
    caller: Caller,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
    text?: TextCosts,
  ): Promise<Charge>;
  /** Of a text of which nothing is run, for having read it. */
  unusable(caller: Caller, text: string): Promise<Spending>;
  /** Of one event of a subscription. */
  event(caller: Caller, subscription: Charge): Promise<Spending>;
}

export interface Charge extends Spending {
  /** What the operation cost but for its arguments, which are looked at once. */
  perEvent: number;
}

export interface TextCosts {
  /** What an operation costs at least when its text had to be read for it. Beyond `requested`, which is its own. */
  read?: number;
  /** What is added for keeping its text. */
  kept?: number;
}

/** Five times the dearest operation of our client. */
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
    operation: async (caller, document, operation, variables, { read = 0, kept = 0 } = {}) => {
      const { total, declaredAtRoot, askedAtRoot } = costOf(document, operation)(variables);
      // Also when it is no number: what variables say may be too large to be counted with.
      if (!(total <= OPERATION_LIMIT))
        throw badUserInput(
          `This operation costs ${total}, and ${OPERATION_LIMIT} at most is run at once. Ask for shorter lists, or for less of each thing in them.`,
          { requestedCost: total, maximumCost: OPERATION_LIMIT },
        );
      if (operation.operation === 'mutation' && declaredAtRoot > DECLARED_MUTATIONS_LIMIT)
        throw badUserInput('These are too many costly mutations for one operation. Send them in several.');
      // A variable may be any number, until it is looked at by whoever runs the operation.
      const own = Math.max(1, Math.ceil(total + kept));
      const perEvent = Math.max(1, own - askedAtRoot);
      if (read > own) {
        const spending = await budget.spend(caller, read - own);
        if (!spending.isAllowed) return { ...spending, perEvent };
      }
      return { ...(await budget.spend(caller, own)), perEvent };
    },
    unusable: (caller, text) => budget.spend(caller, costOfText(text)),
    event: (caller, { perEvent }) => budget.spend(caller, perEvent),
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
