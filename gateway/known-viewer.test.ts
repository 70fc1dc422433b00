import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse, type GraphQLFormattedError } from 'graphql';
import { loadAddresses } from '../platform/process/addresses.ts';
import { createLog } from '../platform/process/log.ts';
import { loadGatewaySettings } from './config.ts';
import { startGateway, type Gateway } from './gateway.ts';
import { withKnownViewer } from './known-viewer.ts';
import { localSource } from './local-source.ts';
import { testSessions } from './small-supergraph.ts';
import { outOfReach, type SubgraphSource } from './source.ts';

const NAMES = ['user', 'tweet', 'follow', 'timeline'];
const id = 'user_7';
const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8');

/** Our schemas, answered by next to nothing. */
function sourceOf(name: string): SubgraphSource {
  const connection = { nodes: [], edges: [], totalCount: 0, pageInfo: { hasNextPage: false } };
  return localSource({
    name,
    schema: buildSubgraphSchema({
      typeDefs: parse(read(`subgraphs/${name}/schema.graphql`)),
      resolvers: {
        Query: { viewer: () => ({ id }) },
        Viewer: {
          __resolveReference: () => ({ id }),
          ...(name === 'user' && { account: () => ({ email: 'ada@example.org' }) }),
          ...(name === 'timeline' && { homeReadPosition: () => ({ edgeCursor: 'here' }) }),
          ...(name === 'follow' && { followRequests: () => connection }),
          ...(name === 'tweet' && { bookmarks: () => connection }),
        },
      },
    }),
    log: createLog('test').child({}, { level: 'silent' }),
    context: (request) => request,
    ready: async () => undefined,
    stop: async () => undefined,
  });
}

const away: SubgraphSource = {
  execute: async () => ({ errors: [outOfReach().toJSON()] }),
  subscribe: () => () => undefined,
  ready: async () => undefined,
  close: async () => undefined,
};

const open: Gateway[] = [];
afterAll(() => Promise.all(open.map((gateway) => gateway.stop())));

async function askWithout(missing: string[], query: string, token = 'ada') {
  const sessions = testSessions();
  sessions.begin('ada', { userId: '7' });
  const gateway = await startGateway({
    supergraphSdl: read('gateway/supergraph.graphql'),
    sourceFor: ({ name }) => (missing.includes(name) ? away : sourceOf(name)),
    sessions,
    addresses: { ...loadAddresses({}), port: 0 },
    settings: loadGatewaySettings({}),
  });
  open.push(gateway);
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as {
    data: { me: Record<string, unknown> | null };
    errors?: GraphQLFormattedError[];
  };
}

const ALL = `{ me: viewer { __typename id
  account { email } homeReadPosition { edgeCursor }
  followRequests { totalCount } bookmarks { pageInfo { hasNextPage } }
} }`;
const PIECES: Record<string, string> = {
  user: 'account',
  timeline: 'homeReadPosition',
  follow: 'followRequests',
  tweet: 'bookmarks',
};

describe('the viewer', () => {
  it.each(NAMES)('loses only what %s knows, when that is out of reach', async (name) => {
    const { data, errors } = await askWithout([name], ALL);
    expect(data.me).toMatchObject({ __typename: 'Viewer', id });
    const lost = Object.entries(data.me ?? {}).filter(([, value]) => value === null);
    expect(lost.map(([field]) => field)).toEqual([PIECES[name]]);
    expect(errors).toMatchObject([{ path: ['me', PIECES[name]], extensions: { code: 'UNAVAILABLE' } }]);
  });

  it('is known to be there when nothing else is, by way of fragments too', async () => {
    const { data } = await askWithout(
      NAMES,
      '{ ... on Query { me: viewer { ...V } } } fragment V on Viewer { key: id account { email } }',
    );
    expect(data.me).toEqual({ key: id, account: null });
  });

  it('is nobody for whoever is signed out', async () => {
    expect((await askWithout(NAMES, '{ me: viewer { id } }', '')).data?.me ?? null).toBe(null);
  });
});

it('puts a viewer into no answer but one that is out of reach', () => {
  const viewer = { userId: '7', sessionId: '1' };
  const query = '{ viewer { id } }';
  for (const answer of [
    { data: { viewer: null } },
    { data: null, errors: [{ message: '', extensions: { code: 'FORBIDDEN' } }] },
    { errors: [{ message: '', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
  ])
    expect(withKnownViewer(query, answer, viewer)).toBe(answer);
  const lost = { errors: [outOfReach().toJSON()] };
  expect(withKnownViewer('{ tweet(id: "1") { id } }', lost, viewer)).toBe(lost);
  expect(withKnownViewer('mutation { signOut { viewer { id } } }', lost, viewer)).toBe(lost);
  expect(withKnownViewer(query, lost, null)).toBe(lost);
});
