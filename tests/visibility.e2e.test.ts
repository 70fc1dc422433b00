import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildASTSchema, getNamedType, parse, type GraphQLSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase } from './databases.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';
import { fieldsOf, RULES, type Rule } from './visibility/expectations.ts';
import { createJudge, type Judge } from './visibility/judge.ts';
import { createSelections, type Part } from './visibility/selection.ts';
import { change, createWorld, VIEWERS, type Author, type Viewer, type World } from './visibility/world.ts';

const sdl = readFileSync(join(import.meta.dirname, '../gateway/supergraph.graphql'), 'utf8');
const schema: GraphQLSchema = buildASTSchema(parse(sdl), { assumeValid: true });
const opened = new AsyncDisposableStack();
let supergraph: TestSupergraph;
let world: World;
let judge: Judge;

beforeAll(async () => {
  const database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph({ ...database.env, RATE_LIMIT_SCALE: '10000' }), (own) =>
    own.stop(),
  );
  world = await createWorld(supergraph);
  const { follower } = world.people;
  const edgeCursor = await until('the home timeline is there', async () => {
    const { edges } = await follower.home();
    return edges[2]?.cursor;
  });
  await change(follower, 'moveHomeReadPosition', { edgeCursor });
  await follower.ask('mutation { auditHomeTimeline { errors { __typename } } }');
  judge = createJudge(schema, world);
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** A way into the supergraph: a root field with arguments, and how much of what it leads to is asked. */
interface Way {
  field: string;
  args?: Record<string, unknown>;
  depth: number;
  part?: Part;
  /** What the arguments name, when the field answers with that or null. */
  ids?: string[];
}

function ways(): Way[] {
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

/** What a field of a root is asked with, all its arguments as variables: one plan for all who ask. */
function documentOf(root: 'query' | 'subscription', { field, args = {}, depth, part }: Way): string {
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

describe('every field, for every viewer, by every way', () => {
  const missed: string[] = [];

  beforeAll(async () => {
    for (const viewer of VIEWERS) {
      for (const way of ways()) {
        const { data, errors } = await supergraph.ask<Record<string, never>>(
          documentOf('query', way),
          way.args,
          world.tokenOf(viewer),
        );
        const from = `${way.field}(${JSON.stringify(way.args ?? {}).slice(0, 60)})`;
        if (errors)
          missed.push(
            `${viewer ?? 'somebody signed out'}, ${from}: ${errors.map(({ message, path }) => `${message} ${path?.join('.')}`).join(' ')}`,
          );
        if (!data) continue;
        judge.read(viewer, 'Query', data, from);
        const answers = [data[way.field]].flat() as unknown[];
        for (const [at, id] of (way.ids ?? []).entries())
          if ((answers[at] === null) === mayHave(viewer, id))
            missed.push(
              `${viewer ?? 'somebody signed out'}, ${from}: ${id} is ${JSON.stringify(answers[at])}`,
            );
      }
    }
  }, 600_000);

  const mayHave = (viewer: Viewer, id: string) => {
    const [author, person] = [world.authors.get(id), world.names.get(id)];
    if (author !== undefined) return world.sees(viewer, author);
    if (person !== undefined) return world.stands(person);
    return id !== world.requestId || viewer === 'applicant' || viewer === 'prue';
  };

  it('answers without errors, with what is named or with null where it is hidden', () => {
    expect(missed).toEqual([]);
  });

  it('gives each what the table says', () => {
    expect(judge.faults()).toEqual([]);
    expect(judge.compared()).toBeGreaterThan(1000);
  });

  it('met every field that can be queried', () => {
    const others = new Set((['told', 'live', 'change', 'changeOfTweet', 'open'] as const).flatMap(fieldsOf));
    const fields = Object.keys(RULES).flatMap((rule) => fieldsOf(rule as Rule));
    expect(fields.filter((field) => !others.has(field) && !judge.met.has(field))).toEqual([]);
  });
});
