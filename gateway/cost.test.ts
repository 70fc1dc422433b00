import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { buildASTSchema, getOperationAST, parse, type GraphQLSchema } from 'graphql';
import { readCostDirectives } from './cost-directives.ts';
import { readCost } from './cost.ts';
import { readSavedOperations } from './playground/saved-operations.ts';

function costIn(schema: GraphQLSchema, sdl: string) {
  const directives = readCostDirectives(sdl);
  return (text: string, variables: Record<string, unknown> = {}): number => {
    const document = parse(text);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('One operation at a time.');
    return readCost(schema, directives, document, operation)(variables).total;
  };
}

describe('the cost of what each screen asks', () => {
  const sdl = readFileSync(join(import.meta.dirname, 'supergraph.graphql'), 'utf8');
  const cost = costIn(Supergraph.build(sdl).apiSchema().toGraphQLJSSchema(), sdl);
  const saved = readSavedOperations().filter(({ screen }) => screen !== 'First steps');

  /** With the defaults in the operation. */
  const expected: Record<string, number> = {
    Me: 2,
    Home: 548,
    HomeBetween: 1354,
    HomeAsOf: 544,
    HomeLive: 59,
    // Its `tweet` stands in two fragments and counts twice, since it is not looked how they merge.
    TweetsLive: 12,
    MoveHomeReadPosition: 16,
    WhyThis: 6,
    WhyNot: 12,
    Receipts: 33,
    ReceiptLive: 4,
    TimelineHealth: 2,
    AuditNow: 63,
    Thread: 2204,
    ThreadLive: 26,
    TweetLikes: 103,
    TweetRetweetsAndQuotes: 543,
    CreateTweet: 48,
    EditTweet: 32,
    DeleteTweet: 17,
    LikeTweet: 13,
    Bookmarks: 503,
    HashtagPage: 508,
    Profile: 549,
    ProfileLikes: 503,
    HoverCard: 14,
    Followers: 153,
    WhoToFollow: 324,
    FollowUser: 19,
    FollowRequests: 68,
    SignUp: 63,
    RefreshSession: 17,
    SignOut: 11,
    Settings: 8,
    MutedAndBlocked: 304,
    ChangePassword: 68,
    Node: 11,
  };

  it.each(Object.entries(expected))('%s costs %d', (name, points) => {
    const text = saved.find((operation) => operation.name === name)?.text ?? '';
    expect(cost(text)).toBe(points);
  });

  it('grows with what is asked for, by a variable too', () => {
    const home = saved.find(({ name }) => name === 'Home')?.text ?? '';
    expect(cost(home, { first: 100 })).toBe(8 + 100 * 27);
    expect(cost(home, { first: -5 })).toBe(8);
  });

  it('counts a conversation of nested lists before it is asked for', () => {
    expect(
      cost(`{ homeTimeline(first: 100) { edges { node {
        replies(first: 100) { edges { node { ... on Tweet { likedBy(first: 100) { nodes { id } } } } } } } } } }`),
    ).toBeGreaterThan(1_000_000);
  });
});

describe('the cost of an operation', () => {
  const link = (rest: string) => `schema @link(url: "https://specs.apollo.dev/cost/v0.1"${rest})`;
  const TYPES = `
    { query: Query mutation: Mutation }
    type Query {
      self: Query
      name: String
      dear: String @cost(weight: 7)
      heavy: Heavy
      either: Either
      page(first: Int = 10, input: Slice): Page
        @listSize(slicingArguments: ["first", "input.last"], sizedFields: ["nodes"], assumedSize: 50)
      some: [Query] @listSize(assumedSize: 3)
      these(ids: [ID!]!): [Query] @listSize(assumedSize: 3)
      find(by: By @cost(weight: 2), flag: Boolean @cost(weight: 1)): Query
    }
    type Mutation { change: Query dearly: Query @cost(weight: 50) }
    type Heavy @cost(weight: 5) { name: String }
    interface Either { name: String }
    type Left implements Either { name: String @cost(weight: 4) }
    type Page { nodes: [Query] total: Int }
    input Slice { last: Int }
    input By { text: String, deep: [By!] @cost(weight: 3) }
    directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
    directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
    directive @link(url: String, as: String, import: [String]) repeatable on SCHEMA`;
  const schemaOf = (sdl: string) => buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const sdl = link(', import: ["@listSize"]') + TYPES;
  const cost = costIn(schemaOf(sdl), sdl);

  it.each<[points: number, text: string, variables?: Record<string, unknown>]>([
    [0, '{ name __typename }'],
    [1, '{ self { name } }'],
    [7, '{ dear }'],
    [5, '{ heavy { name } }'],
    [5, '{ either { name } }'],
    [1 + 10, '{ page { nodes { name } } }'],
    [1 + 3, '{ page(first: 3) { nodes { name } total } }'],
    [1 + 8, 'query ($n: Int) { page(first: $n) { nodes { name } } }', { n: 8 }],
    [1 + 10, 'query ($n: Int) { page(first: $n) { nodes { name } } }'],
    [1 + 4, 'query ($n: Int = 4) { page(first: $n) { nodes { name } } }'],
    [1 + 30, 'query ($s: Slice) { page(input: $s) { nodes { name } } }', { s: { last: 30 } }],
    [1 + 50, '{ page(first: null) { nodes { name } } }'],
    [1 + 10, '{ page { ...P } } fragment P on Page { nodes { name } }'],
    [3 * 2, '{ some { self { name } } }'],
    [3, '{ these(ids: ["a"]) { name } }'],
    [4, '{ these(ids: ["a", "b", "c", "d"]) { name } }'],
    [5, 'query ($ids: [ID!]!) { these(ids: $ids) { name } }', { ids: ['a', 'b', 'c', 'd', 'e'] }],
    [1 + 2, '{ find(by: { text: "x" }) { name } }'],
    [1 + 2 + 3 + 3, 'query ($by: By) { find(by: $by) { name } }', { by: { deep: [{}, { text: 'x' }] } }],
    [1 + 1, '{ find(flag: true) { name } }'],
    [2, '{ self { name } ...F } fragment F on Query { self { name } }'],
    [7, 'query ($x: Boolean!) { dear @include(if: $x) }', { x: true }],
    [0, 'query ($x: Boolean!) { ... @skip(if: $x) { dear } }', { x: true }],
    [10 + 1, 'mutation { change { name } }'],
    [20 + 2, 'mutation { a: change { name } ...M } fragment M on Mutation { b: change { name } }'],
    [100, '{ __schema { queryType { name } } }'],
    [0, 'query ($constructor: Int) { name }', JSON.parse('{"__proto__": 5}') as Record<string, unknown>],
  ])('is %d for %s', (...[points, text, variables]) => {
    expect(cost(text, variables)).toBe(points);
  });

  it('knows which mutations are dear, however often they are named', () => {
    const document = parse('mutation { a: dearly { name } b: dearly { name } change { name } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('There is one.');
    const read = readCost(schemaOf(sdl), readCostDirectives(sdl), document, operation);
    expect(read({})).toEqual({ total: 131, declaredAtRoot: 100, askedAtRoot: 0 });
  });

  it('knows what the arguments at the root cost, which are looked at once', () => {
    const document = parse('query ($by: By) { find(by: $by) { find(flag: true) { name } } }');
    const operation = getOperationAST(document);
    if (!operation) throw new Error('There is one.');
    const read = readCost(schemaOf(sdl), readCostDirectives(sdl), document, operation);
    expect(read({ by: { deep: [{}] } })).toEqual({ total: 8, declaredAtRoot: 0, askedAtRoot: 5 });
  });

  it('is 1 for each object where the supergraph declares nothing', () => {
    const bare = `schema ${TYPES}`;
    expect(costIn(schemaOf(bare), bare)('{ dear some { heavy { name } } }')).toBe(2);
  });

  it.each([
    [', import: [{ name: "@cost", as: "@price" }]', '@price(weight: 7)'],
    [', as: "money"', '@money(weight: 7)'],
  ])('is declared by whatever names a supergraph imports: %s', (rest, directive) => {
    const renamed = `${link(rest)} { query: Query } type Query { dear: String ${directive} }`;
    expect(costIn(schemaOf(renamed), renamed)('{ dear }')).toBe(7);
  });
});
