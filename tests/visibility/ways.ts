import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { createSelections, type Part } from './selection.ts';
import type { Author, World } from './world.ts';

/** A way into the supergraph: a root field with arguments, and how much of what it leads to is asked. */
export interface Way {
  field: string;
  args?: Record<string, unknown>;
  depth: number;
  part?: Part;
  /** What the arguments name, when the field answers with that or null. */
  ids?: string[];
}

export function ways(world: World): Way[] {
  const authors = Object.keys(world.tweets) as Author[];
  const users = [...authors, 'nell', 'stranger'] as const;
  const userIds = users.map((name) => world.people[name].id);
  const central = [...authors.map((author) => world.tweets[author].first), world.nells];
  const tweets = [...world.authors.keys()];
  const everything = [...world.names.keys(), ...tweets, world.requestId, 'hashtag_visibility'];
  const named = (field: string, argument: string, depth: number) => (id: string) => ({
    field,
    args: { [argument]: id },
    depth,
    ids: [id],
  });
  return [
    { field: 'viewer', depth: 2 },
    { field: 'homeTimeline', args: { first: 50 }, depth: 0 },
    { field: 'homeTimeline', args: { first: 8 }, depth: 1 },
    { field: 'suggestedUsers', args: { first: 20 }, depth: 1 },
    { field: 'usernameAvailability', args: { username: 'free_name' }, depth: 1 },
    { field: 'hashtag', args: { name: 'visibility' }, depth: 2 },
    ...users.map((name) => ({ field: 'user', args: { username: world.people[name].username }, depth: 1 })),
    ...userIds.map(named('user', 'id', 1)),
    ...tweets.map(named('tweet', 'id', 1)),
    ...parts(2).flatMap((part) => userIds.map((id) => ({ ...named('user', 'id', 2)(id), part }))),
    ...parts(3).flatMap((part) => central.map((id) => ({ ...named('tweet', 'id', 2)(id), part }))),
    ...central.map((tweetId) => ({ field: 'homePlacement', args: { tweetId }, depth: 1 })),
    ...[...userIds, ...central, world.requestId].map(named('node', 'id', 1)),
    ...[everything.slice(0, 20), everything.slice(20)].map((ids) => ({
      field: 'nodes',
      args: { ids },
      depth: 1,
      ids,
    })),
  ];
}

const parts = (of: number): Part[] => Array.from({ length: of }, (_, at) => ({ at, of }));

/** Asks for all that a way leads to. Its arguments are variables, so there is one plan for all who ask. */
export function documentOf(
  schema: GraphQLSchema,
  root: 'query' | 'subscription',
  { field, args = {}, depth, part }: Way,
): string {
  const type = root === 'query' ? schema.getQueryType() : schema.getSubscriptionType();
  const definition = type?.getFields()[field];
  if (definition === undefined) throw new Error(`There is no field ${field}.`);
  const selections = createSelections(schema);
  const selected = selections.of(getNamedType(definition.type), depth, part);
  const given = definition.args.filter(({ name }) => name in args);
  const variables = given.map(({ name, type: of }) => `$${name}: ${of.toString()}`).join(', ');
  const named = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const [declared, passed] = given.length === 0 ? ['', ''] : [`(${variables})`, `(${named})`];
  return `${root}${declared} { ${field}${passed} { ${selected} } }\n${selections.fragments()}`;
}

/** A mutation by its name, with any input that its type takes but for `ids`, by the names of fields. */
export function changeOf(schema: GraphQLSchema, field: string, ids: Record<string, string>) {
  const definition = schema.getMutationType()?.getFields()[field];
  if (definition === undefined) throw new Error(`There is no mutation ${field}.`);
  const [argument] = definition.args;
  const payload = getNamedType(definition.type);
  const errors = 'getFields' in payload && 'errors' in payload.getFields();
  const selected = errors ? 'errors { ... on UserError { code } }' : '__typename';
  return {
    query:
      argument === undefined
        ? `mutation { ${field} { ${selected} } }`
        : `mutation ($input: ${argument.type.toString()}) { ${field}(input: $input) { ${selected} } }`,
    variables: argument === undefined ? {} : { input: anything(argument.type, '', ids) },
  };
}

function anything(type: GraphQLInputType, name: string, ids: Record<string, string>): unknown {
  if (isNonNullType(type)) return anything(type.ofType, name, ids);
  if (isListType(type)) return [anything(type.ofType, name, ids)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, anything(field.type, field.name, ids)]));
  }
  if (type.name === 'Boolean') return true;
  return ids[name] ?? 'anything';
}
