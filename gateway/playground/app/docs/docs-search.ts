import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** Something that the docs have words for. */
export interface Entry {
  /** Where it is, as in `Query.homeTimeline` or `Query.homeTimeline(asOf:)`. */
  path: string;
  name: string;
  description: string;
  type: GraphQLNamedType;
  /** Of that type; undefined where the page of the type is the one to show. */
  field?: GraphQLField<unknown, unknown> | GraphQLInputField;
  /** Types and what one can ask, do and follow. Others with the same name come behind. */
  isMain: boolean;
}

/** All of a schema, without what GraphQL itself brings. */
export function entriesOf(schema: GraphQLSchema): Entry[] {
  const roots = rootsOf(schema).map(({ type }) => type);
  return typesOf(schema).flatMap((type) => [
    { path: type.name, name: type.name, description: type.description ?? '', type, isMain: true },
    ...fieldsOf(type).flatMap((field) => [
      {
        path: `${type.name}.${field.name}`,
        name: field.name,
        description: field.description ?? '',
        type,
        field,
        isMain: roots.some((root) => root === type),
      },
      ...('args' in field ? field.args : []).map((argument) => ({
        path: `${type.name}.${field.name}(${argument.name}:)`,
        name: argument.name,
        description: argument.description ?? '',
        type,
        field,
        isMain: false,
      })),
    ]),
    ...(isEnumType(type) ? type.getValues() : []).map(({ name, description }) => ({
      path: `${type.name}.${name}`,
      name,
      description: description ?? '',
      type,
      isMain: false,
    })),
  ]);
}

/** Queries, mutations and subscriptions, as far as there are any. */
export const rootsOf = (schema: GraphQLSchema) =>
  [
    { title: 'Queries', type: schema.getQueryType() },
    { title: 'Mutations', type: schema.getMutationType() },
    { title: 'Subscriptions', type: schema.getSubscriptionType() },
  ].flatMap(({ title, type }) => (type ? [{ title, type }] : []));

export const typesOf = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .toSorted((a, b) => a.name.localeCompare(b.name));

const fieldsOf = (type: GraphQLNamedType): (GraphQLField<unknown, unknown> | GraphQLInputField)[] =>
  isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
    ? Object.values(type.getFields())
    : [];

const SHOWN = 50;

/** What is called like that first, then what begins so, what has it in its name, and what is said in such words. */
export function search(entries: readonly Entry[], wanted: string): Entry[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const whole = words.join(' ');
  const rankOf = ({ path, name, description, isMain }: Entry): number | null => {
    const called = name.toLowerCase();
    const said = `${path} ${description}`.toLowerCase();
    const behind = isMain ? 0 : 1;
    if (called === whole || path.toLowerCase() === whole) return behind;
    if (called.startsWith(whole)) return 2 + behind;
    if (called.includes(whole)) return 4 + behind;
    return words.every((word) => said.includes(word)) ? 6 + behind : null;
  };
  return entries
    .flatMap((entry) => {
      const rank = rankOf(entry);
      return rank === null ? [] : [{ entry, rank }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map(({ entry }) => entry);
}

/** The first sentence, for where many things stand below each other. */
export const inShort = (description: string): string =>
  plain(/^.*?[.:?](?=\s|$)/s.exec(description)?.[0].replace(/:$/, '.') ?? description);

/** Without the little Markdown that descriptions have. */
export const plain = (words: string): string => words.replaceAll('`', '');
