import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeaderMap } from '@apollo/server';
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { createLog } from '../platform/process/log.ts';
import { createRateLimiter } from '../platform/rate-limiter.ts';
import { createBudget } from './budget.ts';
import { createCharges, type Charges } from './charges.ts';
import { createDocuments } from './documents.ts';
import { createOperations, type Operations } from './operations.ts';
import { createRecentWriters } from './recent-writers.ts';
import type { SubgraphSource } from './source.ts';
import { createSupergraph } from './supergraph.ts';

// What is refused for its size, on our own supergraph: by what never happens for it, not by how long it takes.

const sdl = readFileSync(join(import.meta.dirname, 'supergraph.graphql'), 'utf8');
const log = createLog('test').child({}, { level: 'silent' });

const execute = jest.fn<SubgraphSource['execute']>(async () => ({ data: {} }));
const source: SubgraphSource = {
  execute,
  subscribe: () => () => undefined,
  ready: async () => undefined,
  close: async () => undefined,
};
interface Planner {
  buildQueryPlan(...operation: unknown[]): unknown;
  lastGeneratedPlanStatistics(): { evaluatedPlanCount: number } | undefined;
}
let planner: Planner;
let operations: Operations;
let charges: Charges;

beforeAll(async () => {
  const supergraph = createSupergraph(sdl, () => source);
  const budget = createBudget(createRateLimiter({ url: null, keyPrefix: '', scale: 1_000, log }));
  charges = createCharges(supergraph, budget);
  operations = await createOperations({
    supergraph,
    documents: createDocuments(supergraph.schema, { introspection: true, only: null }),
    charges,
    recentWriters: createRecentWriters(),
    queries: null,
  });
  planner = (supergraph.gateway as unknown as { queryPlanner: Planner }).queryPlanner;
  jest.spyOn(planner, 'buildQueryPlan');
});
beforeEach(() => {
  jest.clearAllMocks();
});

const CALLER = { viewer: null, address: '10.0.0.1', userAgent: null, readsOwnWrites: false };

async function send(body: unknown, method = 'POST', search = '') {
  const headers = new HeaderMap([
    ['content-type', 'application/json'],
    ['apollo-require-preflight', '1'],
  ]);
  const { answer } = await operations.overHttp({ method, headers, search, body }, async () => CALLER);
  if (answer.body.kind !== 'complete') throw new Error('It is not whole.');
  return {
    status: answer.status ?? 200,
    ...(JSON.parse(answer.body.string) as {
      data?: unknown;
      errors?: { message: string; extensions: { code: string } }[];
      extensions?: { cost: { requested: number } };
    }),
  };
}

const times = (count: number, make: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(' ');
/** Fragments each of which spreads the next so often. */
const spreading = (type: string, often: number, levels: number, last: string, field = ''): string =>
  times(levels, (n) => {
    const next = times(often, () => `...F${n + 1}`);
    const inside =
      n === levels - 1 ? last : field === '' ? next : times(often, (i) => `a${i}: ${field} { ...F${n + 1} }`);
    return `fragment F${n} on ${type} { ${inside} }`;
  });
const nested = (levels: number, open: string, inner: string, close: string): string =>
  open.repeat(levels) + inner + close.repeat(levels);

describe('never reach the planner, nor a subgraph:', () => {
  const post = (n: number) => `m${n}: likeTweet(input: { tweetId: "tweet_1" }) { tweet { id } }`;
  const signIn = (n: number) =>
    `s${n}: signIn(input: { login: "ada", password: "guess ${n}" }) { viewer { id } }`;
  it.each<[string, string]>([
    [
      'fragments that spread one another',
      `{ viewer { id user { ...F0 } } } ${spreading('User', 12, 12, 'id')}`,
    ],
    [
      'such fragments by way of fields',
      `{ tweet(id: "tweet_1") { ...F0 } } ${spreading('Tweet', 3, 12, 'id', 'quoted')}`,
    ],
    [
      'such fragments about the schema',
      `{ ...F0 } ${spreading('Query', 8, 12, '__schema { queryType { name } }')}`,
    ],
    ['such fragments of nothing but names', `{ ...F0 } ${spreading('Query', 8, 12, '__typename')}`],
    [
      'fragments that spread themselves',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    ],
    [
      'wide fragments on an interface, in one another',
      `{ node(id: "tweet_1") { ${nested(6, times(6, (n) => `... on Tweet { b${n}: id } ... on User { c${n}: id }`) + ' ... on Node { ', 'id', '} ')} ${times(400, () => '... on Tweet { id } ... on User { id } ... on Hashtag { id } ... on Session { id }')} } }`,
    ],
    [
      'a thousand fragments without a name in one another',
      `{ ${nested(1_000, '... { ', '__typename', '} ')} }`,
    ],
    ['a hundred conditions', `{ viewer { id ${'@include(if: true) '.repeat(101)} } }`],
    ['many operations in one document', times(101, (n) => `query Q${n} { viewer { id } }`)],
    ['many fields at the root', `{ ${times(31, (n) => `v${n}: viewer { id }`)} }`],
    [
      'many fields at the root by way of a fragment',
      `{ ...V ...V } fragment V on Query { ${times(16, (n) => `v${n}: viewer { id }`)} }`,
    ],
    ['many mutations', `mutation { ${times(21, post)} }`],
    ['many guesses of a password', `mutation { ${times(6, signIn)} }`],
    [
      'many guesses by way of fragments',
      `mutation { ...G ...H } fragment G on Mutation { ${times(3, signIn)} } fragment H on Mutation { ${times(3, (n) => signIn(n + 3))} }`,
    ],
    [
      'lists in lists in lists',
      '{ homeTimeline(first: 100) { edges { node { likedBy(first: 100) { nodes { tweets { nodes { id } } } } } } } }',
    ],
    [
      'deep questions about the schema',
      `{ __schema { types { ${nested(20, 'fields { type { ', 'name', '} } ')} } } }`,
    ],
    ['entities', '{ _entities(representations: [{ __typename: "User", id: "user_1" }]) { __typename } }'],
    ['the schema of a subgraph', '{ _service { sdl } }'],
  ])('%s', async (_, query) => {
    const { status, data, errors } = await send({ query });
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(planner.buildQueryPlan).not.toHaveBeenCalled();
    expect(execute).not.toHaveBeenCalled();
  });

  it('a list that a variable makes long, though its document was planned before', async () => {
    const query = `query ($first: Int!) {
      homeTimeline(first: 50) { edges { node { likedBy(first: $first) { nodes { id } } } } }
    }`;
    await send({ query, variables: { first: 1 } });
    expect(planner.buildQueryPlan).toHaveBeenCalledTimes(1);
    jest.clearAllMocks();
    const { status, errors } = await send({ query, variables: { first: 1_000_000 } });
    expect([status, errors?.[0]?.message]).toEqual([400, expect.stringContaining('costs 50000')]);
    expect(execute).not.toHaveBeenCalled();
  });

  it('a mutation by GET', async () => {
    const search = `?${new URLSearchParams({ query: 'mutation { signOut { endedSessionId } }' }).toString()}`;
    expect((await send(undefined, 'GET', search)).status).toBe(405);
    expect(planner.buildQueryPlan).not.toHaveBeenCalled();
  });

  it('several operations at once', async () => {
    expect((await send([{ query: '{ viewer { id } }' }, { query: '{ viewer { id } }' }])).status).toBe(400);
    expect(planner.buildQueryPlan).not.toHaveBeenCalled();
  });
});

describe('variables', () => {
  const query =
    'query ($id: ID!, $moment: DateTime) { tweet(id: $id) { id } homeTimeline(asOf: $moment) { liveCursor } }';

  it('that are a thousand deep are refused, where a scalar would take anything', async () => {
    const moment = JSON.parse('['.repeat(1_000) + ']'.repeat(1_000)) as unknown;
    const { status, errors } = await send({ query, variables: { id: 'tweet_1', moment } });
    expect([status, errors?.[0]?.message]).toEqual([400, 'Variables are nested at most 20 deep.']);
    expect(execute).not.toHaveBeenCalled();
  });

  it('that are wrong a thousand times over are not told of one by one', async () => {
    const ids = Array.from({ length: 1_000 }, () => []);
    const many = { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids } };
    const { status, errors } = await send(many);
    expect([status, errors?.map(({ message }) => message)]).toEqual([
      400,
      ['Variables have at most 250 values in all.'],
    ]);
    expect(execute).not.toHaveBeenCalled();
  });

  it('of which many are wrong are told a few of them', async () => {
    const ids = Array.from({ length: 200 }, () => []);
    const many = { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids } };
    const { status, errors } = await send(many);
    expect([status, errors?.length]).toEqual([400, 11]);
    expect(execute).not.toHaveBeenCalled();
  });

  it('with names of what every object has change nothing for anybody', async () => {
    const variables = JSON.parse(
      '{"__proto__": {"polluted": true, "id": "tweet_2"}, "constructor": {"prototype": {"polluted": true}}, "id": "tweet_1"}',
    ) as object;
    await send({ query, variables });
    expect(execute.mock.calls.map(([operation]) => operation.variables)).toContainEqual(
      expect.objectContaining({ id: 'tweet_1' }),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const inherited = await send({
      query: 'query ($toString: ID!) { tweet(id: $toString) { id } }',
      variables: {},
    });
    expect(inherited.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([
    [0.5, 10],
    [-1e300, 8],
    ['20', 68],
    [null, 68],
    [Infinity, 68],
    [[[5]], 68],
    [{ first: 5 }, 68],
  ])('that are no length of a list, as %p, cost points and nothing else', async (first, points) => {
    const home = `query ($first: Int) { viewer { homeReadPosition { newerCount } }
      homeTimeline(first: $first) { edges { a: node { id } b: node { id } } pageInfo { endCursor } } }`;
    const { extensions, status } = await send({ query: home, variables: { first } });
    expect(status).toBeLessThan(500);
    expect(extensions?.cost.requested).toBe(points);
  });

  it('that are too large to be counted with are refused', async () => {
    const nothing = `query ($none: Int, $many: Int) { homeTimeline(first: $none) { edges { node {
      replies(first: $many) { nodes { replies(first: $many) { nodes { id } } } } } } } }`;
    const { status, errors, extensions } = await send({
      query: nothing,
      variables: { none: 0, many: 1e308 },
    });
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(extensions?.cost.requested).toBe(Math.ceil(nothing.length / 50));
    expect(execute).not.toHaveBeenCalled();
  });

  it('that stand twice in a request count once, the last', async () => {
    const body: unknown = JSON.parse(
      `{"query": ${JSON.stringify(query)}, "variables": {"id": "tweet_1", "id": "tweet_2"}}`,
    );
    await send(body);
    expect(execute.mock.calls[0]?.[0].variables).toMatchObject({ id: 'tweet_2' });
  });
});

it('weighs few plans against one another where there are ever so many', async () => {
  await send({
    query: `{ ${times(25, (n) => `v${n}: viewer { id account { email } homeReadPosition { edgeCursor } bookmarks { nodes { id } } }`)} }`,
  });
  expect(planner.buildQueryPlan).toHaveBeenCalledTimes(1);
  expect(planner.lastGeneratedPlanStatistics()?.evaluatedPlanCount).toBeLessThanOrEqual(200);
});

it.each([
  [
    'suggestions, each of which looks at ten thousand edges',
    '{ suggestedUsers(first: 1) { explanation } }',
    100,
  ],
  ['the count of a hashtag, which asks of all who used it', '{ hashtag(name: "a") { tweetCount } }', 6],
  ['the count of requests, which asks of each', '{ viewer { followRequests(first: 1) { totalCount } } }', 7],
])('takes for %s what they take', async (_, query, points) => {
  expect((await send({ query })).extensions?.cost.requested).toBe(points);
});

it('takes a point for each tweet that a stream is to follow, and not again for each event', async () => {
  const document = parse('subscription ($ids: [ID!]!) { tweet(ids: $ids) { __typename } }');
  const operation = getOperationAST(document);
  if (!operation) throw new Error('There is one.');
  const ids = Array.from({ length: 100 }, (_, n) => `tweet_${n + 1}`);
  const charge = await charges.operation(CALLER, document, operation, { ids });
  expect(charge.notice.requested).toBe(101);
  expect((await charges.event(CALLER, charge)).notice.requested).toBe(1);
});
