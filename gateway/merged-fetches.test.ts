import { describe, expect, it } from '@jest/globals';
import type { FormattedExecutionResult } from 'graphql';
import type { SubgraphOperation } from '../subgraphs/executor.ts';
import { loadAddresses } from '../platform/process/addresses.ts';
import { loadGatewaySettings } from './config.ts';
import { startGateway } from './gateway.ts';
import { createMergedFetches } from './merged-fetches.ts';
import { smallSupergraphSdl } from './small-supergraph.ts';
import type { SubgraphSource } from './source.ts';

const named = (name: string, ids: string[], more: object = {}): SubgraphOperation => ({
  query: `query ${name}($representations:[_Any!]!){_entities(representations:$representations){...on User{name}}}`,
  operationName: name,
  variables: { ...more, representations: ids.map((id) => ({ __typename: 'User', id })) },
});

/** Names each entity, and says what it was asked. */
function aSubgraph(errors: FormattedExecutionResult['errors'] = []) {
  const asked: SubgraphOperation[] = [];
  return {
    asked,
    ask: async (operation: SubgraphOperation): Promise<FormattedExecutionResult> => {
      asked.push(operation);
      const entities = (operation.variables?.['representations'] ?? []) as { id: string }[];
      return {
        data: { _entities: entities.map(({ id }) => ({ name: `name of ${id}` })) },
        ...(errors.length > 0 && { errors }),
      };
    },
  };
}
const entitiesOf = ({ data }: FormattedExecutionResult): { name: string }[] =>
  (data?.['_entities'] ?? []) as { name: string }[];
const names = (result: FormattedExecutionResult) => entitiesOf(result).map(({ name }) => name);

describe('fetches that begin together', () => {
  it('are one for the subgraph, and each gets its own entities', async () => {
    const { asked, ask } = aSubgraph();
    const merged = createMergedFetches();
    const on = {};
    const [one, other] = await Promise.all([
      merged(on, named('Home__user__1', ['1', '2']), ask),
      merged(on, named('Home__user__2', ['3', '1']), ask),
    ]);
    expect(names(one)).toEqual(['name of 1', 'name of 2']);
    expect(names(other)).toEqual(['name of 3', 'name of 1']);
    expect(asked).toHaveLength(1);
    // Each is changed by whoever merges it into the answer.
    expect(entitiesOf(one)[0]).not.toBe(entitiesOf(other)[1]);
  });

  it('stay apart for another operation, other variables and another selection', async () => {
    const { asked, ask } = aSubgraph();
    const merged = createMergedFetches();
    const on = {};
    const other = { ...named('A', ['1']), query: named('A', []).query.replace('name', 'bio') };
    await Promise.all([
      merged(on, named('A', ['1']), ask),
      merged({}, named('B', ['2']), ask),
      merged(on, named('C', ['3'], { size: 48 }), ask),
      merged(on, other, ask),
      merged(on, { query: '{ viewer { id } }', variables: {} }, ask),
    ]);
    expect(asked).toHaveLength(5);
  });

  it('begin anew once the first have been asked', async () => {
    const { asked, ask } = aSubgraph();
    const merged = createMergedFetches();
    const on = {};
    await merged(on, named('A', ['1']), ask);
    await merged(on, named('A', ['2']), ask);
    expect(
      asked.map(({ variables }) => ((variables?.['representations'] ?? []) as unknown[]).length),
    ).toEqual([1, 1]);
  });

  it('are told of their own errors, at their own places, and of those that are about none', async () => {
    const { ask } = aSubgraph([
      { message: 'of the second', path: ['_entities', 1, 'name'] },
      { message: 'of the third', path: ['_entities', 2, 'name'] },
      { message: 'of all' },
    ]);
    const merged = createMergedFetches();
    const on = {};
    const answers = await Promise.all([
      merged(on, named('A', ['1', '2']), ask),
      merged(on, named('B', ['3']), ask),
    ]);
    expect(answers.map(({ errors }) => errors)).toEqual([
      [{ message: 'of the second', path: ['_entities', 1, 'name'] }, { message: 'of all' }],
      [{ message: 'of the third', path: ['_entities', 0, 'name'] }, { message: 'of all' }],
    ]);
  });

  it('all fail when the one does', async () => {
    const errors = [{ message: 'out of reach', extensions: { code: 'UNAVAILABLE' } }];
    const merged = createMergedFetches();
    const on = {};
    const ask = async () => ({ errors });
    expect(
      await Promise.all([merged(on, named('A', ['1']), ask), merged(on, named('B', ['2']), ask)]),
    ).toEqual([{ errors }, { errors }]);
  });
});

it('merges what Apollo runs in parallel', async () => {
  const asked: string[] = [];
  const source = (name: string): SubgraphSource => ({
    execute: async ({ variables }) => {
      asked.push(name);
      const entities = variables?.['representations'] as { id: string }[] | undefined;
      const author = (id: string) => ({ __typename: 'User', id });
      return entities === undefined
        ? { data: { a: { author: author('1') }, b: { author: author('2'), self: { author: author('1') } } } }
        : { data: { _entities: entities.map(({ id }) => ({ name: `name of ${id}` })) } };
    },
    subscribe: () => () => undefined,
    ready: async () => undefined,
    close: async () => undefined,
  });
  const gateway = await startGateway({
    supergraphSdl: smallSupergraphSdl(),
    sourceFor: ({ name }) => source(name),
    sessions: null,
    addresses: { ...loadAddresses({}), port: 0 },
    settings: loadGatewaySettings({}),
  });
  const query = `query Q { a: entry(cursor: "a") { author { name } }
    b: entry(cursor: "b") { author { name } self { author { name } } } }`;
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  expect(await response.json()).toMatchObject({
    data: {
      a: { author: { name: 'name of 1' } },
      b: { author: { name: 'name of 2' }, self: { author: { name: 'name of 1' } } },
    },
  });
  expect(asked).toEqual(['timeline', 'user']);
  await gateway.stop();
});
