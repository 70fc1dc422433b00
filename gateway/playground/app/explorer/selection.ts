import {
  astFromValue,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  Kind,
  parseValue,
  print,
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLFieldMap,
  type GraphQLInputType,
  type GraphQLNamedType,
  type InlineFragmentNode,
  type ObjectFieldNode,
  type ObjectValueNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

// Edits of an operation, as values: each takes a selection set and returns another. A step leads into a field by its
// name, or into an inline fragment by its type.

/** What a step leads to; undefined while it is not selected. Fields under another name count for nothing. */
export const fieldIn = (set: SelectionSetNode | undefined, name: string): FieldNode | undefined =>
  set?.selections.find(
    (selection) =>
      selection.kind === Kind.FIELD && selection.name.value === name && selection.alias === undefined,
  ) as FieldNode | undefined;

export const fragmentIn = (set: SelectionSetNode | undefined, type: string): InlineFragmentNode | undefined =>
  set?.selections.find(
    (selection) => selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition?.name.value === type,
  ) as InlineFragmentNode | undefined;

/** With `next` in the place of `old`: added when there is no `old`, taken away when there is no `next`. */
export function withSelection(
  set: SelectionSetNode | undefined,
  old: SelectionNode | undefined,
  next: SelectionNode | undefined,
): SelectionSetNode {
  const selections = set?.selections ?? [];
  const changed =
    old === undefined
      ? [...selections, ...(next === undefined ? [] : [next])]
      : selections.flatMap((selection) =>
          selection === old ? (next === undefined ? [] : [next]) : [selection],
        );
  // A set is never empty, and this is a field of everything.
  return selectionSet(changed.length === 0 ? [leaf('__typename')] : withoutFiller(changed));
}

/** A field as it is when it is ticked: with the arguments that it cannot do without, and something in it. */
export function fieldNode(field: GraphQLField<unknown, unknown>): FieldNode {
  const type = getNamedType(field.type);
  const given = field.args
    .filter(isRequiredArgument)
    .map(({ name, type: of }) => argument(name, someValue(of)));
  return {
    ...leaf(field.name),
    arguments: given,
    ...(isCompositeType(type) && { selectionSet: selectionSet([firstOf(type)]) }),
  };
}

export const inlineFragment = (type: string): InlineFragmentNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
  selectionSet: selectionSet([leaf('__typename')]),
});

/** With an argument set to a value, or without it. */
export const withArgument = (field: FieldNode, name: string, value: ValueNode | null): FieldNode => ({
  ...field,
  arguments: withNamed(field.arguments ?? [], name, value === null ? null : argument(name, value)),
});

/** The same of an input's field. */
export const withInputField = (
  input: ObjectValueNode,
  name: string,
  value: ValueNode | null,
): ObjectValueNode => ({
  ...input,
  fields: withNamed(input.fields, name, value === null ? null : inputField(name, value)),
});

/** In the place of the one with this name, or at the end. */
function withNamed<Node extends { name: { value: string } }>(
  nodes: readonly Node[],
  name: string,
  next: Node | null,
): Node[] {
  const at = nodes.findIndex((node) => node.name.value === name);
  if (at < 0) return next === null ? [...nodes] : [...nodes, next];
  return nodes.toSpliced(at, 1, ...(next === null ? [] : [next]));
}

/** A value to begin with, that is of its type. */
export function someValue(type: GraphQLInputType): ValueNode {
  if (isNonNullType(type)) return someValue(type.ofType);
  if (isListType(type)) return { kind: Kind.LIST, values: [] };
  if (isEnumType(type)) return { kind: Kind.ENUM, value: type.getValues()[0]?.name ?? '' };
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return {
      kind: Kind.OBJECT,
      fields: required.map(({ name, type: of }) => inputField(name, someValue(of))),
    };
  }
  if (type.name === 'Boolean') return { kind: Kind.BOOLEAN, value: true };
  if (type.name === 'Int' || type.name === 'Float') return { kind: Kind.INT, value: '10' };
  return { kind: Kind.STRING, value: '' };
}

/** What an argument begins with when it is ticked: what it would be if left out, where that is something. */
export const firstValue = (type: GraphQLInputType, defaultValue: unknown): ValueNode =>
  (defaultValue === undefined ? null : astFromValue(defaultValue, type)) ?? someValue(type);

/** A value as people write it; null when that is none. */
export function readValue(text: string): ValueNode | null {
  try {
    return parseValue(text, { noLocation: true });
  } catch {
    return null;
  }
}

/** A text with one of its operations written anew, or with another at its end. All else in it stays, comments too. */
export function withOperation(
  text: string,
  old: OperationDefinitionNode | undefined,
  next: OperationDefinitionNode,
): string {
  const written = print(next);
  if (old?.loc === undefined)
    return text.trim() === '' ? `${written}\n` : `${text.trimEnd()}\n\n${written}\n`;
  return text.slice(0, old.loc.start) + written + text.slice(old.loc.end);
}

/** An operation that asks for nothing yet. */
export const emptyOperation = (operation: OperationDefinitionNode['operation']): OperationDefinitionNode => ({
  kind: Kind.OPERATION_DEFINITION,
  operation,
  name: { kind: Kind.NAME, value: `My${operation[0]?.toUpperCase()}${operation.slice(1)}` },
  selectionSet: selectionSet([leaf('__typename')]),
});

const selectionSet = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
});

const leaf = (name: string): FieldNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } });

const argument = (name: string, value: ValueNode): ArgumentNode => ({
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: name },
  value,
});

const inputField = (name: string, value: ValueNode): ObjectFieldNode => ({
  kind: Kind.OBJECT_FIELD,
  name: { kind: Kind.NAME, value: name },
  value,
});

/** `__typename` stands for nothing but itself where something else is asked for, and goes. */
const withoutFiller = (selections: readonly SelectionNode[]): readonly SelectionNode[] => {
  const others = selections.filter(
    (selection) => selection.kind !== Kind.FIELD || selection.name.value !== '__typename',
  );
  return others.length === 0 ? selections : others;
};

/** What says most of a type in one field: its list, its id, or something of what it is about. */
function firstOf(type: GraphQLNamedType): FieldNode {
  const fields = Object.values(fieldsOf(type)).filter(({ args }) => !args.some(isRequiredArgument));
  const chosen =
    fields.find(({ name }) => name === 'nodes') ??
    fields.find(({ name }) => name === 'id') ??
    fields.find(({ type: of }) => !isCompositeType(getNamedType(of))) ??
    fields.find(({ type: of }) => 'id' in fieldsOf(getNamedType(of)));
  return chosen === undefined ? leaf('__typename') : fieldNode(chosen);
}

const fieldsOf = (type: GraphQLNamedType): GraphQLFieldMap<unknown, unknown> =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
