import { Kind, parse, type OperationDefinitionNode } from 'graphql';

/** What of a text is to run. */
export interface Asked {
  /** Undefined where there is nothing to choose, or nothing that can be read. */
  operationName: string | undefined;
  /** Null where the text cannot be read, or does not say: the server has the words for that. */
  kind: `${OperationDefinitionNode['operation']}` | null;
}

/**
 * The operation of a text that is meant by a name. GraphiQL learns of a change a moment after it is made: the name may
 * be that of what stood there before, and then it says nothing.
 */
export function askedIn(query: string, name: string | null | undefined): Asked {
  const operations = operationsIn(query);
  const named = operations.find((operation) => operation.name?.value === (name ?? undefined));
  const chosen = named ?? (operations.length === 1 ? operations[0] : undefined);
  return { operationName: chosen?.name?.value, kind: chosen?.operation ?? null };
}

function operationsIn(query: string): OperationDefinitionNode[] {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}
