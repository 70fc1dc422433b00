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

/** As long as the longest list of the world, so that no page ends before it, and no operation costs too much. */
const LIST_SIZE = 11;

/** One of so many parts of a thing's fields, counted from 0. */
export interface Part {
  at: number;
  of: number;
}

/** Writes out all there is to ask of a type, so that a field that is new is asked too. */
export interface Selections {
  /** `fragment` definitions that a document needs which spreads these. */
  fragments(): string;
  /**
   * Everything of a type and of what it holds, and the same of the things with an id in it, `depth` times over; below
   * that their ids.
   * @param part for what costs too much at once: of the fields, every n-th.
   */
  of(type: GraphQLNamedType, depth: number, part?: Part): string;
}

export function createSelections(schema: GraphQLSchema): Selections {
  const isRenamed = renamedIn(schema);
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

  const fields = (type: GraphQLObjectType, depth: number, part: Part = { at: 0, of: 1 }): string =>
    Object.values(type.getFields())
      .filter((field, at) => canBeAsked(field) && at % part.of === part.at)
      .map((field) => {
        const target = getNamedType(field.type);
        const name = isRenamed(type, field) ? `${type.name}_${field.name}: ${field.name}` : field.name;
        if (isLeafType(target)) return name;
        // A list's nodes are those of its edges.
        const idsOnly = field.name === 'nodes' && 'edges' in type.getFields();
        return `${name}${page(field)} { ${idsOnly ? ids(target) : spread(target, depth)} }`;
      })
      .join(' ');

  return {
    fragments: () => [...written.values()].join('\n'),
    of: (type, depth, part) =>
      part === undefined || !isObjectType(type)
        ? spread(type, depth)
        : `__typename id ${fields(type, depth - 1, part)}`,
  };
}

/**
 * Where an answer may be of several types, a field of the same name is to have the same type in each: otherwise that of
 * the smaller one is called `Type_field`.
 */
function renamedIn(schema: GraphQLSchema) {
  const size = (type: GraphQLObjectType) => Object.keys(type.getFields()).length;
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  return (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean =>
    abstract.some((each) => {
      const possible = schema.getPossibleTypes(each);
      return (
        possible.includes(type) &&
        possible.some((other) => {
          const same = other.getFields()[field.name];
          return same !== undefined && size(other) > size(type) && String(same.type) !== String(field.type);
        })
      );
    });
}

/** What a field is called in the schema. */
export const withoutType = (name: string): string => name.replace(/^[A-Z][A-Za-z]*_/, '');

/** Things that can be asked for again, by which an answer is told from another. */
export const hasId = (type: GraphQLNamedType): boolean =>
  (isObjectType(type) || isInterfaceType(type)) && 'id' in type.getFields();

const ids = (target: GraphQLNamedType): string => (hasId(target) ? '__typename id' : '__typename');

const canBeAsked = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.every(({ type, defaultValue }) => !type.toString().endsWith('!') || defaultValue !== undefined);

const page = ({ name, args }: GraphQLField<unknown, unknown>): string =>
  args.some((argument) => argument.name === 'first') && name !== 'ancestors' ? `(first: ${LIST_SIZE})` : '';
