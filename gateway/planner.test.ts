import { composeServices } from '@apollo/composition';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { localSource } from './local-source.ts';
import { remoteSource } from './remote-source.ts';
import { smallSupergraphSdl, userSubgraph } from './small-supergraph.ts';
import type { Call, SubgraphSource } from './source.ts';
import { createSupergraph } from './supergraph.ts';

const call: Call = {
  caller: { viewer: null, address: '127.0.0.1', userAgent: null, readsOwnWrites: false },
  signal: new AbortController().signal,
  setCookie: () => undefined,
};

/** Says which entities it was asked for. */
const entities: SubgraphSource = {
  execute: async ({ variables }) => ({
    data: {
      _entities: ((variables ?? {})['representations'] as { id: string }[]).map(({ id }) => ({
        name: `name of ${id}`,
      })),
    },
  }),
  subscribe: () => () => undefined,
  ready: async () => undefined,
  close: async () => undefined,
};

async function load() {
  const supergraph = createSupergraph(smallSupergraphSdl(), () => entities);
  await supergraph.gateway.load();
  return supergraph;
}

// These look at what @apollo/gateway hides. If one fails after an upgrade, planner.ts must learn the new shape.
describe('what planner.ts knows of @apollo/gateway', () => {
  it('is where it looks', async () => {
    const { gateway } = await load();
    expect(gateway).toMatchObject({
      queryPlanner: { buildQueryPlan: expect.any(Function) },
      apiSchema: expect.anything(),
      supergraphSchema: expect.anything(),
    });
  });

  it('plans a subscription as one primary and the rest', async () => {
    const supergraph = await load();
    const document = parse(
      'subscription ($p: String, $x: Boolean!) { home(prefix: $p) { author { name @skip(if: $x) } } }',
    );
    const plan = supergraph.planSubscription(document, undefined);
    expect(plan.subgraph).toBe('timeline');
    const primary = plan.primary({ p: 'a', x: false });
    expect(primary.query).toMatch(/^subscription/);
    expect(primary.variables).toEqual({ p: 'a' });
    const event = { data: { home: { author: { __typename: 'User', id: '7' } } } };
    expect(await plan.complete(event, { p: 'a', x: false }, call)).toEqual({
      data: { home: { author: { name: 'name of 7' } } },
    });
  });

  it('plans once per document and operation', async () => {
    const supergraph = await load();
    const document = parse('subscription A { home { cursor } } subscription B { home { author { id } } }');
    const plan = supergraph.planSubscription(document, 'A');
    expect(supergraph.planSubscription(document, 'A')).toBe(plan);
    expect(supergraph.planSubscription(document, 'B')).not.toBe(plan);
  });

  it('runs on another supergraph after a swap, and on the same one after a bad swap', async () => {
    const supergraph = await load();
    const before = supergraph.schema();
    expect(() => supergraph.swap('type Query { nonsense: Int }')).toThrow();
    expect(supergraph.schema()).toBe(before);
    supergraph.swap(smallSupergraphSdl({ user: 'http://elsewhere' }));
    expect(supergraph.schema()).not.toBe(before);
  });

  it('has the subgraphs of the supergraph of now, and lets go of all that it ever had', async () => {
    const closed: string[] = [];
    const supergraph = createSupergraph(smallSupergraphSdl(), ({ name, url }) => ({
      ...entities,
      close: async () => void closed.push(`${name} ${url}`),
    }));
    await supergraph.gateway.load();
    const typeDefs = parse('type Query { hello: String }');
    const { supergraphSdl = '' } = composeServices([{ name: 'user', url: 'http://elsewhere', typeDefs }]);
    supergraph.swap(supergraphSdl);
    expect([...supergraph.sources.keys()]).toEqual(['user']);
    supergraph.swap(smallSupergraphSdl());
    expect([...supergraph.sources.keys()].toSorted()).toEqual(['timeline', 'user']);
    await supergraph.close();
    expect(new Set(closed)).toEqual(
      new Set(['timeline http://timeline', 'user http://user', 'user http://elsewhere']),
    );
  });
});

describe('a source', () => {
  const late = { ...call, signal: AbortSignal.abort() };
  const errors = [expect.objectContaining({ extensions: { code: 'TIMEOUT' } })];

  it('answers TIMEOUT after the deadline, over the network', async () => {
    const source = remoteSource({ name: 'user', url: 'http://127.0.0.1:9/graphql', assertionKey: 'key' });
    expect(await source.execute({ query: '{ a }' }, late)).toEqual({ errors });
  });

  it('answers TIMEOUT at the deadline, in process, though the subgraph goes on', async () => {
    const deadline = new AbortController();
    const source = localSource(userSubgraph());
    const answer = source.execute(
      { query: '{ user(id: "1") { slow } }' },
      { ...call, signal: deadline.signal },
    );
    deadline.abort();
    expect(await answer).toEqual({ errors });
  });
});
