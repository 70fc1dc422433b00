import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** Longer than any list of the world, so that no page ends before it. */
const LIST_SIZE = 30;

/** Writes out all there is to ask of a type, so that a field that is new is asked too. */
export interface Selections {
  /** `fragment` definitions that a document needs which spreads these. */
  fragments(): string;
  /**
   * Everything of a type and of what it holds, and the same of the things with an id in it, `depth` times over; below
   * that their ids.
   */
  of(type: GraphQLNamedType, depth: number): string;
}

export function createSelections(schema: GraphQLSchema): Selections {
  const written = new Map<string, string>();

  function spread(type: GraphQLNamedType, depth: number, nodesOnly = false): string {
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type);
      return `__typename ${possible.map((each) => `... on ${each.name} { ${spread(each, depth)} }`).join(' ')}`;
    }
    if (!isObjectType(type)) throw new Error(`${type.name} has no fields to select.`);
    const below = hasId(type) ? depth - 1 : depth;
    if (below < 0 || nodesOnly) return '__typename id';
    const name = `${type.name}${below}`;
    if (!written.has(name)) {
      // Before it is known, since it may hold itself.
      written.set(name, '');
      written.set(name, `fragment ${name} on ${type.name} { __typename ${fields(type, below)} }`);
    }
    return `__typename ...${name}`;
  }

  const fields = (type: GraphQLObjectType, depth: number): string =>
    Object.values(type.getFields())
      .filter((field) => canBeAsked(field))
      .map((field) => {
        const target = getNamedType(field.type);
        if (isLeafType(target)) return field.name;
        // A list's nodes are those of its edges.
        const idsOnly = field.name === 'nodes' && 'edges' in type.getFields();
        return `${field.name}${page(field)} { ${idsOnly ? ids(target) : spread(target, depth)} }`;
      })
      .join(' ');

  return {
    fragments: () => [...written.values()].join('\n'),
    of: (type, depth) => spread(type, depth),
  };
}

/** Things that can be asked for again, by which an answer is told from another. */
export const hasId = (type: GraphQLNamedType): boolean =>
  (isObjectType(type) || isInterfaceType(type)) && 'id' in type.getFields();

const ids = (target: GraphQLNamedType): string => (hasId(target) ? '__typename id' : '__typename');

const canBeAsked = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.every(({ type, defaultValue }) => !type.toString().endsWith('!') || defaultValue !== undefined);

const page = ({ name, args }: GraphQLField<unknown, unknown>): string =>
  args.some((argument) => argument.name === 'first') && name !== 'ancestors' ? `(first: ${LIST_SIZE})` : '';
