import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { SubgraphOperation } from '../subgraphs/executor.ts';

type Ask = (operation: SubgraphOperation) => Promise<FormattedExecutionResult>;

/** Fetches of one operation to one subgraph that ask the same of other entities. */
interface Batch {
  representations: unknown[];
  answer: Promise<FormattedExecutionResult>;
}

/**
 * Runs fetches of entities as one that the planner wrote one by one, for each path at which a selection stands: twenty
 * of `{ ... on User { username } }` below a conversation become one, and the subgraph's twenty look-ups with them. Those
 * are merged that begin together, on behalf of the same operation, and differ in nothing but their names and entities.
 * Each gets its own part of the answer, and the errors that are about it; an error about none of them goes to all.
 * @param on whose behalf: an object of its own for each operation, and for each event.
 */
export function createMergedFetches(): (
  on: object,
  operation: SubgraphOperation,
  ask: Ask,
) => ReturnType<Ask> {
  const open = new WeakMap<object, Map<string, Batch>>();

  return async (on, operation, ask) => {
    const { representations, ...others } = operation.variables ?? {};
    if (!Array.isArray(representations)) return await ask(operation);
    const batches = open.get(on) ?? new Map<string, Batch>();
    open.set(on, batches);
    const key = `${operation.query.replace(/^query \w+/, 'query')}\n${JSON.stringify(others)}`;
    const batch = batches.get(key) ?? begin(batches, key, operation, ask);
    const from = batch.representations.length;
    batch.representations.push(...(representations as unknown[]));
    return partOf(await batch.answer, from, representations.length);
  };
}

function begin(batches: Map<string, Batch>, key: string, operation: SubgraphOperation, ask: Ask): Batch {
  const representations: unknown[] = [];
  // Fetches that are parallel in a plan begin without a pause between them.
  const answer = Promise.resolve().then(() => {
    batches.delete(key);
    return ask({ ...operation, variables: { ...operation.variables, representations } });
  });
  const batch = { representations, answer };
  batches.set(key, batch);
  return batch;
}

function partOf(answer: FormattedExecutionResult, from: number, count: number): FormattedExecutionResult {
  const { data, errors } = answer;
  const entities = data?.['_entities'];
  const own = errors?.flatMap((error) => ownError(error, from, count));
  return {
    ...(data !== undefined && {
      data: Array.isArray(entities)
        ? { ...data, _entities: (entities as unknown[]).slice(from, from + count) }
        : data,
    }),
    ...(own !== undefined && own.length > 0 && { errors: own }),
  };
}

/** With the place in the part; nothing when it is about another part. */
function ownError(error: GraphQLFormattedError, from: number, count: number): GraphQLFormattedError[] {
  const [root, at, ...rest] = error.path ?? [];
  if (root !== '_entities' || typeof at !== 'number') return [error];
  return at < from || at >= from + count ? [] : [{ ...error, path: [root, at - from, ...rest] }];
}
