import {
  Kind,
  OperationTypeNode,
  type ASTNode,
  type ASTVisitor,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { badUserInput } from '../subgraphs/errors.ts';

/** Bytes of a request's body, and of a message on a socket. The largest operation of our client has 9 kB. */
export const BODY_LIMIT = 100_000;

/** Validation compares fields with one another: 5000 tokens at their worst took it 0.3 s, ten times as many 30 s. */
export const TOKEN_LIMIT = 5_000;

/** Our client's deepest operation has 10. */
const DEPTH_LIMIT = 15;
/** Of fragments in one another, fields included: three for each field of the deepest. */
const NESTING_LIMIT = 50;
const ALIAS_LIMIT = 50;
const DIRECTIVE_LIMIT = 100;
/** Operations and fragments in one document. */
const DEFINITION_LIMIT = 100;
/** A planner weighs each against the others. */
const ROOT_FIELD_LIMIT = 30;
/** They run one after another. */
const MUTATION_LIMIT = 20;

/** Fields and fragments once all are written out, which the planner does. Our client's largest operation has 500. */
const SELECTION_LIMIT = 3_000;

/** From the first byte of an operation to its answer; also for each event of a stream. */
export const DEADLINE_MS = 15_000;

/** Our deepest input has 2. What is nested a thousandfold would overflow whatever walks it. */
const VARIABLE_DEPTH_LIMIT = 20;
/** Our longest is a list of a hundred ids. Of each that is wrong is told: of 33,000, in 100 kB, for 2 s and in 5 MB. */
const VARIABLE_VALUE_LIMIT = 250;

interface Size {
  /** Of fields, without those of introspection. */
  depth: number;
  /** Of fields and fragments. */
  nesting: number;
  selections: number;
  aliases: number;
  directives: number;
}

/** Refuses operations that are too deep, too large or too many in one. Introspection may be deep. */
const sizeLimits: ValidationRule = (context) => {
  const known = new Map<string, Size>();
  return {
    OperationDefinition: (operation) => {
      const size = sizeOf(operation.selectionSet, context, known);
      const directives = size.directives + (operation.directives?.length ?? 0);
      if (size.depth > DEPTH_LIMIT)
        refuse(context, operation, `Fields are nested at most ${DEPTH_LIMIT} deep.`);
      if (size.nesting > NESTING_LIMIT)
        refuse(context, operation, `Fields and fragments are nested at most ${NESTING_LIMIT} deep.`);
      const atMost = (count: number, limit: number, what: string) => {
        if (count > limit)
          refuse(
            context,
            operation,
            `An operation has at most ${limit} ${what}, those of its fragments included.`,
          );
      };
      atMost(size.selections, SELECTION_LIMIT, 'fields and fragments');
      atMost(size.aliases, ALIAS_LIMIT, 'aliases');
      atMost(directives, DIRECTIVE_LIMIT, 'directives');
    },
  };
};

const documentLimits: ValidationRule = (context) => ({
  Document: (document) => {
    const [first] = document.definitions;
    if (document.definitions.length > DEFINITION_LIMIT && first !== undefined)
      refuse(context, first, `A document has at most ${DEFINITION_LIMIT} operations and fragments.`);
  },
});

/** Fields at the root are work of their own, and of mutations one may be dear. Aliases do not make them fewer. */
const rootFieldLimits: ValidationRule = (context) => ({
  OperationDefinition: (operation) => {
    const isMutation = operation.operation === OperationTypeNode.MUTATION;
    const limit = isMutation ? MUTATION_LIMIT : ROOT_FIELD_LIMIT;
    if (countRootFields(operation.selectionSet, context, new Map()) > limit)
      refuse(
        context,
        operation,
        `A ${operation.operation} has at most ${limit} fields at its root, aliases included.`,
      );
  },
});

/** For those who keep their schema to themselves. */
export const noIntrospection: ValidationRule = (context): ASTVisitor => ({
  Field: (field) => {
    if (isIntrospection(field.name.value))
      refuse(
        context,
        field,
        'Introspection is switched off here: ask whoever runs this instance for its schema.',
      );
  },
});

const isIntrospection = (field: string): boolean => field === '__schema' || field === '__type';

/** `@include` and `@skip` on the root field of a subscription make the planner throw. */
const unconditionalSubscriptions: ValidationRule = (context): ASTVisitor => ({
  OperationDefinition: (operation) => {
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    const conditional = rootSelections(operation.selectionSet, context, new Set()).some((selection) =>
      selection.directives?.some(({ name }) => name.value === 'include' || name.value === 'skip'),
    );
    if (conditional)
      refuse(context, operation, 'The field of a subscription takes neither @include nor @skip.');
  },
});

/**
 * For every operation, however it arrives, before the specification's own: what they let through is small enough for
 * those.
 */
export const limitRules = [documentLimits, sizeLimits, rootFieldLimits, unconditionalSubscriptions];

/** Throws `BAD_USER_INPUT` for variables that are too deep or too many: a scalar of somebody's own may take anything. */
export function checkVariables(variables: unknown): void {
  let level: unknown[] = [variables];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > VARIABLE_DEPTH_LIMIT)
      throw badUserInput(`Variables are nested at most ${VARIABLE_DEPTH_LIMIT} deep.`);
    values += level.length;
    if (values > VARIABLE_VALUE_LIMIT)
      throw badUserInput(`Variables have at most ${VARIABLE_VALUE_LIMIT} values in all.`);
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

function refuse(context: ValidationContext, where: ASTNode, message: string): void {
  const error = badUserInput(message);
  context.reportError(Object.assign(error, { nodes: [where] }));
}

const NOTHING: Size = { depth: 0, nesting: 0, selections: 0, aliases: 0, directives: 0 };

/** Each fragment is measured once: spread a thousand times in one another, they are still added up in no time. */
function sizeOf(set: SelectionSetNode, context: ValidationContext, known: Map<string, Size>): Size {
  const size: Size = { ...NOTHING };
  for (const selection of set.selections) {
    const below = sizeBelow(selection, context, known);
    const isField = selection.kind === Kind.FIELD;
    const fields = isField && isIntrospection(selection.name.value) ? 0 : below.depth + (isField ? 1 : 0);
    size.depth = Math.max(size.depth, fields);
    size.nesting = Math.max(size.nesting, below.nesting + 1);
    size.selections += below.selections + 1;
    size.aliases += below.aliases + (isField && selection.alias !== undefined ? 1 : 0);
    size.directives += below.directives + (selection.directives?.length ?? 0);
  }
  return size;
}

function sizeBelow(selection: SelectionNode, context: ValidationContext, known: Map<string, Size>): Size {
  if (selection.kind !== Kind.FRAGMENT_SPREAD)
    return selection.selectionSet === undefined ? NOTHING : sizeOf(selection.selectionSet, context, known);
  const fragment = context.getFragment(selection.name.value);
  // An unknown one is refused by another rule.
  if (!fragment) return NOTHING;
  const name = fragment.name.value;
  const measured = known.get(name);
  if (measured !== undefined) return measured;
  // Stands for itself while it is measured: one that spreads itself is refused by another rule too.
  known.set(name, NOTHING);
  const size = sizeOf(fragment.selectionSet, context, known);
  known.set(name, size);
  return size;
}

function countRootFields(
  set: SelectionSetNode,
  context: ValidationContext,
  known: Map<string, number>,
): number {
  return set.selections.reduce((total, selection) => {
    if (selection.kind === Kind.FIELD) return total + 1;
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return total + countRootFields(selection.selectionSet, context, known);
    const name = selection.name.value;
    const fragment = context.getFragment(name);
    const counted = known.get(name);
    if (counted !== undefined || !fragment) return total + (counted ?? 0);
    known.set(name, 0);
    const count = countRootFields(fragment.selectionSet, context, known);
    known.set(name, count);
    return total + count;
  }, 0);
}

function rootSelections(
  set: SelectionSetNode,
  context: ValidationContext,
  seen: Set<string>,
): SelectionNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return [selection, ...rootSelections(selection.selectionSet, context, seen)];
    const fragment = context.getFragment(selection.name.value);
    if (fragment == null || seen.has(fragment.name.value)) return [selection];
    seen.add(fragment.name.value);
    return [selection, ...rootSelections(fragment.selectionSet, context, seen)];
  });
}
