import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { CostDirectives, ListSize } from './cost-directives.ts';

/*
 * Terminology
 * - *cost*: of an operation, how many objects it asks for at most, those that say so weighing more. It is known before
 *   anything runs: from the document, the variables, and what the schema declares by `@cost` and `@listSize`.
 * - *weight*: of a field, an argument or a type, what one of it costs. Without a declaration 1 for an object, 0 for a leaf.
 * - *size*: how many of a field there are at most; what is selected below it counts so many times.
 */

type Variables = Readonly<Record<string, unknown>>;

/** A number where the document alone tells, otherwise what makes it of the variables. */
type Cost = number | ((variables: Variables) => number);

/** What an operation costs with these variables. */
export interface OperationCost {
  total: number;
  /** Of the fields at the root alone, what they declare: mutations that are dear are told by it. */
  declaredAtRoot: number;
  /** Of them, what their arguments cost: looked at once, also where the answer comes in many events. */
  askedAtRoot: number;
}

/** The cost of an operation, to be asked for with the variables of each request. */
export type CostOf = (variables: Variables) => OperationCost;

const PER_MUTATION = 10;

/** All of the schema takes some milliseconds; a client needs it once. */
const INTROSPECTION: ReadonlyMap<string, number> = new Map([
  ['__schema', 100],
  ['__type', 10],
  ['__typename', 0],
]);

/** Of the fields right below a connection, how many each has. */
type Sizes = ReadonlyMap<string, Cost>;
const NO_SIZES: Sizes = new Map();

/**
 * Reads an operation once; what it returns is quick. Fields that are selected twice count twice, and of fragments on
 * several types all count: a bound, and one that needs no look at how selections merge.
 * @param document is valid, and small enough when all its fragments are written out.
 */
export function readCost(
  schema: GraphQLSchema,
  { weights, listSizes }: CostDirectives,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CostOf {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const spreads = new Map<Sizes, Map<string, Cost>>();

  function ofSet(parent: GraphQLNamedType, { selections }: SelectionSetNode, sizes: Sizes): Cost {
    return sum(selections.map((selection) => onlyIf(selection, ofSelection(parent, selection, sizes))));
  }

  function ofSelection(parent: GraphQLNamedType, selection: SelectionNode, sizes: Sizes): Cost {
    if (selection.kind === Kind.FIELD) return ofField(parent, selection, sizes);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofSpread(selection.name.value, sizes);
    const on = selection.typeCondition ? typeNamed(selection.typeCondition.name.value) : parent;
    return ofSet(on, selection.selectionSet, sizes);
  }

  /** Each fragment is read once for each place with other sizes. */
  function ofSpread(name: string, sizes: Sizes): Cost {
    const known = spreads.get(sizes) ?? new Map<string, Cost>();
    spreads.set(sizes, known);
    const read = known.get(name);
    if (read !== undefined) return read;
    const fragment = fragments.get(name);
    if (fragment === undefined) throw new Error(`There is no fragment ${name}.`);
    const cost = ofSet(typeNamed(fragment.typeCondition.name.value), fragment.selectionSet, sizes);
    known.set(name, cost);
    return cost;
  }

  function ofField(parent: GraphQLNamedType, node: FieldNode, sizes: Sizes): Cost {
    const name = node.name.value;
    const introspection = INTROSPECTION.get(name);
    if (introspection !== undefined) return introspection;
    const field = fieldOf(parent, name);
    const type = getNamedType(field.type);
    const coordinates = coordinatesOf(parent, name);
    const listSize = firstOf(coordinates, listSizes);
    const own = listSize === undefined ? 1 : sizeBy(listSize, field, node);
    const below =
      listSize === undefined || listSize.sizedFields.length === 0
        ? NO_SIZES
        : new Map(listSize.sizedFields.map((sized) => [sized, own]));
    const each = sum([
      firstOf(coordinates, weights) ?? weights.get(type.name) ?? (isLeafType(type) ? 0 : 1),
      node.selectionSet === undefined ? 0 : ofSet(type, node.selectionSet, below),
      ofArguments(parent, node),
    ]);
    return times(sizes.get(name) ?? (below === NO_SIZES ? own : 1), each);
  }

  /** What a field declares, or an implementation of it where its interface declares nothing. */
  function coordinatesOf(parent: GraphQLNamedType, field: string): string[] {
    const types = isInterfaceType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
    return types.map(({ name }) => `${name}.${field}`);
  }

  function ofArguments(parent: GraphQLNamedType, node: FieldNode): Cost {
    const name = node.name.value;
    if (INTROSPECTION.has(name)) return 0;
    const coordinates = coordinatesOf(parent, name);
    return sum(fieldOf(parent, name).args.map((argument) => ofArgument(coordinates, argument, node)));
  }

  function ofArgument(fields: string[], argument: GraphQLArgument, node: FieldNode): Cost {
    const weight =
      firstOf(
        fields.map((field) => `${field}(${argument.name}:)`),
        weights,
      ) ?? 0;
    if (weight === 0 && !isInputObjectType(getNamedType(argument.type))) return 0;
    const value = valueIn(node, argument);
    return (variables) => weightOfValue(argument.type, value(variables), weight);
  }

  /** @param weight of where the value stands. */
  function weightOfValue(type: GraphQLInputType, value: unknown, weight: number): number {
    if (value === undefined || value === null) return 0;
    const nullable = getNullableType(type);
    if (isListType(nullable) && Array.isArray(value))
      return value.reduce<number>((total, item) => total + weightOfValue(nullable.ofType, item, weight), 0);
    const named = getNamedType(type);
    let total = weight + (weights.get(named.name) ?? 0);
    if (!isInputObjectType(named) || typeof value !== 'object') return total;
    for (const field of Object.values(named.getFields())) {
      const inside = (value as Record<string, unknown>)[field.name];
      total += weightOfValue(field.type, inside, weights.get(`${named.name}.${field.name}`) ?? 0);
    }
    return total;
  }

  const typeNamed = (name: string): GraphQLNamedType => {
    const type = schema.getType(name);
    if (type === undefined) throw new Error(`There is no type ${name}.`);
    return type;
  };

  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}.`);
  const total = ofSet(root, operation.selectionSet, NO_SIZES);
  const fields = rootFields(operation.selectionSet, fragments);
  const declaredAtRoot = fields.reduce(
    (sofar, { name }) => sofar + (weights.get(`${root.name}.${name.value}`) ?? 0),
    0,
  );
  const asked = sum(fields.map((field) => ofArguments(root, field)));
  const added = operation.operation === OperationTypeNode.MUTATION ? PER_MUTATION * fields.length : 0;
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
  return (variables) => {
    const given = { ...defaults, ...variables };
    return { total: added + valueOf(total, given), declaredAtRoot, askedAtRoot: valueOf(asked, given) };
  };
}

const sum = (costs: readonly Cost[]): Cost => {
  let known = 0;
  const open: Exclude<Cost, number>[] = [];
  for (const cost of costs) {
    if (typeof cost === 'number') known += cost;
    else open.push(cost);
  }
  if (open.length === 0) return known;
  return (variables) => open.reduce((total, cost) => total + cost(variables), known);
};

const times = (size: Cost, each: Cost): Cost => {
  if (size === 1) return each;
  if (typeof size === 'number' && typeof each === 'number') return size * each;
  return (variables) => valueOf(size, variables) * valueOf(each, variables);
};

const valueOf = (cost: Cost, variables: Variables): number =>
  typeof cost === 'number' ? cost : cost(variables);

/** Nothing where `@skip` or `@include` leaves it out. */
function onlyIf({ directives = [] }: SelectionNode, cost: Cost): Cost {
  const conditions = directives.flatMap(({ name, arguments: given = [] }) => {
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    const wanted = name.value === 'include';
    if (value === undefined || (!wanted && name.value !== 'skip')) return [];
    return [(variables: Variables) => (valueFromASTUntyped(value, variables) === true) === wanted];
  });
  if (conditions.length === 0 || cost === 0) return cost;
  return (variables) => (conditions.every((holds) => holds(variables)) ? valueOf(cost, variables) : 0);
}

/** The most that an argument asks for; otherwise what is assumed, and no less than a list has that is given. */
function sizeBy(
  { assumedSize, slicingArguments }: ListSize,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Cost {
  const assumed = assumedSize ?? 1;
  const asked = slicingArguments.flatMap(([name, ...way]) => {
    const argument = field.args.find((each) => each.name === name);
    if (argument === undefined) return [];
    const value = valueIn(node, argument);
    return [
      (variables: Variables) =>
        way.reduce<unknown>(
          (at, key) => (at as Record<string, unknown> | null | undefined)?.[key],
          value(variables),
        ),
    ];
  });
  // Each that is named by its id, say: `@listSize` has no words for a list of them.
  const named = field.args.filter(({ type }) => isListType(getNullableType(type)));
  const listed = named.map((argument) => valueIn(node, argument));
  const size = (variables: Variables): number => {
    const given = asked.map((value) => value(variables)).filter(isFiniteNumber);
    if (given.length > 0) return Math.max(0, ...given);
    return Math.max(
      assumed,
      ...listed.map((value) => value(variables)).map((value) => (Array.isArray(value) ? value.length : 0)),
    );
  };
  const telling = new Set([...slicingArguments.map(([first]) => first), ...named.map(({ name }) => name)]);
  const dependsOnVariables = node.arguments?.some(
    ({ name, value }) => value.kind !== Kind.INT && telling.has(name.value),
  );
  return dependsOnVariables === true ? size : size({});
}

/** What a field is given as an argument, its default included; undefined when nothing. */
function valueIn(
  node: FieldNode,
  { name, defaultValue }: GraphQLArgument,
): (variables: Variables) => unknown {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (given === undefined) return () => defaultValue;
  return (variables) => {
    const value = valueFromASTUntyped(given, variables);
    return value === undefined ? defaultValue : value;
  };
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`There is no field ${type.name}.${name}.`);
  return field;
}

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);

const firstOf = <Value>(keys: readonly string[], map: ReadonlyMap<string, Value>): Value | undefined => {
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
};

/** The fields at the root, once for each time that they are selected. */
function rootFields(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fragment === undefined ? [] : rootFields(fragment.selectionSet, fragments);
  });
}
