import {
  Kind,
  OperationTypeNode,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
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
const ALIAS_LIMIT = 50;

/** Fields once all fragments are written out, which the planner does. Our client's largest operation has 300. */
const FIELD_LIMIT = 3_000;

/** From the first byte of an operation to its answer; also for each event of a stream. */
export const DEADLINE_MS = 15_000;

interface Size {
  depth: number;
  fields: number;
  aliases: number;
}

/** Refuses operations that are too deep, too large or too many in one. Introspection may be deep. */
const sizeLimits: ValidationRule = (context) => ({
  OperationDefinition: (operation) => {
    const { depth, fields, aliases } = sizeOf(operation.selectionSet, context, new Map());
    if (depth > DEPTH_LIMIT) refuse(context, operation, `Fields are nested at most ${DEPTH_LIMIT} deep.`);
    if (fields > FIELD_LIMIT) {
      refuse(
        context,
        operation,
        `An operation has at most ${FIELD_LIMIT} fields, those of its fragments included.`,
      );
    }
    if (aliases > ALIAS_LIMIT) {
      refuse(
        context,
        operation,
        `An operation has at most ${ALIAS_LIMIT} aliases, those of its fragments included.`,
      );
    }
  },
});

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

/** Beside the specification's own, for every operation, however it arrives. */
export const limitRules = [sizeLimits, unconditionalSubscriptions];

function refuse(context: ValidationContext, operation: OperationDefinitionNode, message: string): void {
  const error = badUserInput(message);
  context.reportError(Object.assign(error, { nodes: [operation] }));
}

/** Each fragment is measured once: spread a thousand times in one another, they are still added up in no time. */
function sizeOf(set: SelectionSetNode, context: ValidationContext, known: Map<string, Size>): Size {
  const size: Size = { depth: 0, fields: 0, aliases: 0 };
  for (const selection of set.selections) {
    const below = sizeBelow(selection, context, known);
    size.depth = Math.max(size.depth, below.depth);
    size.fields += below.fields;
    size.aliases += below.aliases;
  }
  return size;
}

function sizeBelow(selection: SelectionNode, context: ValidationContext, known: Map<string, Size>): Size {
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    return sizeOfFragment(context.getFragment(selection.name.value), context, known);
  }
  if (selection.kind === Kind.INLINE_FRAGMENT) return sizeOf(selection.selectionSet, context, known);
  if (selection.name.value === '__schema' || selection.name.value === '__type') return NOTHING;
  const inside = selection.selectionSet ? sizeOf(selection.selectionSet, context, known) : NOTHING;
  return {
    depth: inside.depth + 1,
    fields: inside.fields + 1,
    aliases: inside.aliases + (selection.alias === undefined ? 0 : 1),
  };
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0 };

function sizeOfFragment(
  fragment: FragmentDefinitionNode | null | undefined,
  context: ValidationContext,
  known: Map<string, Size>,
): Size {
  // An unknown one is refused by another rule.
  if (fragment == null) return NOTHING;
  const name = fragment.name.value;
  const measured = known.get(name);
  if (measured !== undefined) return measured;
  // Stands for itself while it is measured: one that spreads itself is refused by another rule too.
  known.set(name, NOTHING);
  const size = sizeOf(fragment.selectionSet, context, known);
  known.set(name, size);
  return size;
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
