import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createLog } from '../platform/process/log.ts';
import { ASSERTION_HEADER, signAssertion } from './assertion.ts';
import { serveSubgraph } from './server.ts';
import type { SessionSource } from './session.ts';
import type { Subgraph, SubgraphRequest } from './subgraph.ts';
import type { Caller } from './viewer.ts';

const KEY = 'the key of this subgraph';
const caller: Caller = {
  viewer: { userId: '1', sessionId: '2' },
  address: '10.0.0.1',
  userAgent: null,
  readsOwnWrites: false,
};

async function* ticks() {
  yield { ticks: 1 };
  yield { ticks: 2 };
}

const subgraph = (ready: () => Promise<void>): Subgraph => ({
  name: 'user',
  schema: buildSubgraphSchema({
    typeDefs: parse(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
      type Query { userId: String  even(number: Int!): Int }
      type Subscription { ticks: Int }
      type User @key(fields: "id") { id: ID! }`),
    resolvers: {
      Query: {
        userId: (_: unknown, _args: unknown, request: SubgraphRequest) => request.caller.viewer?.userId,
      },
      Subscription: {
        ticks: { subscribe: ticks },
      },
    } as never,
  }),
  log: createLog('user'),
  context: (request) => request,
  ready,
  stop: async () => undefined,
});

const sessions: SessionSource = {
  find: async ({ secret }) =>
    secret === 'good' ? { id: '2', userId: '1', expiresAt: new Date(1_900_000_000_000) } : null,
  stands: async (sessionId) => sessionId === '2',
  onEnded: () => () => undefined,
};

describe('the server of a subgraph', () => {
  let url: string;
  let close: () => Promise<void>;
  let reachable = true;

  beforeAll(async () => {
    const ready = async () => {
      if (!reachable) throw new Error('connect ECONNREFUSED 10.0.0.9');
    };
    ({ url, close } = await serveSubgraph(subgraph(ready), {
      host: '127.0.0.1',
      port: 0,
      assertionKey: KEY,
      sessions,
      routes: { pictures: (request, response) => void response.end(request.url) },
    }));
  });
  afterAll(() => close());

  const post = async (body: string, assertion: string | null, path = '/graphql') => {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (assertion !== null) headers.set(ASSERTION_HEADER, assertion);
    const response = await fetch(new URL(path, url), { method: 'POST', body, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const signed = (body: string, path?: string) => post(body, signAssertion(KEY, 'user', caller, body), path);

  it('answers the gateway, on behalf of whom it vouches for', async () => {
    expect(await signed('{"query":"{ userId }"}')).toEqual({ status: 200, body: { data: { userId: '1' } } });
  });

  const body = '{"query":"{ userId }"}';
  const other = '{"query":"{ __typename }"}';
  it.each<[string, string, string | null]>([
    ['one without an assertion', body, null],
    ['introspection without an assertion', '{"query":"{ __schema { types { name } } }"}', null],
    ['_service without an assertion', '{"query":"{ _service { sdl } }"}', null],
    ['nonsense for an assertion', body, 'x.y'],
    ['an assertion for another body', body, signAssertion(KEY, 'user', caller, other)],
    ['an assertion for another subgraph', body, signAssertion(KEY, 'tweet', caller, body)],
    ['an assertion by another key', body, signAssertion('another key', 'user', caller, body)],
    ['an assertion that is too old', body, signAssertion(KEY, 'user', caller, body, Date.now() - 60_000)],
    ['an assertion for a socket', body, signAssertion(KEY, 'user', caller, 'connection_init')],
  ])('refuses a request: %s', async (_name, text, assertion) => {
    expect(await post(text, assertion)).toEqual({
      status: 401,
      body: { errors: [{ message: 'Only the gateway may ask.', extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  });

  it('refuses what is signed and still no operation, with a 4xx', async () => {
    expect((await signed('{"query":')).status).toBe(400);
    expect((await signed('{"query":5}')).status).toBe(400);
    expect((await signed(body, '/elsewhere')).status).toBe(404);
    expect((await signed('x'.repeat(3_000_000))).status).toBe(413);
  });

  it('calls a literal or a variable that a type refuses bad input', async () => {
    for (const operation of [
      { query: '{ even(number: "x") }' },
      { query: 'query ($n: Int!) { even(number: $n) }', variables: { n: 'x' } },
    ]) {
      const { body: answer } = await signed(JSON.stringify(operation));
      expect(answer['errors']).toEqual([expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })]);
    }
  });

  it('shows everybody what is for everybody, and nothing beside it', async () => {
    const picture = await fetch(new URL('/pictures/1.svg', url));
    expect(await picture.text()).toBe('/pictures/1.svg');
    expect((await fetch(new URL('/constructor/1', url))).status).toBe(401);
  });

  it('says whose session a credential is, to the gateway only', async () => {
    const question = '{"credential":{"kind":"cookie","secret":"good"},"address":"10.0.0.1"}';
    expect((await post(question, null, '/sessions/find')).status).toBe(401);
    expect((await signed(question, '/sessions/find')).body).toEqual({
      session: { id: '2', userId: '1', expiresAt: '2030-03-17T17:46:40.000Z' },
    });
    expect((await signed('{"sessionId":"3"}', '/sessions/stands')).body).toEqual({ stands: false });
  });

  it('tells everybody whether it is ready, and nobody why not', async () => {
    const asked = async () => {
      const response = await fetch(new URL('/health/ready', url));
      return [response.status, await response.json()];
    };
    expect(await asked()).toEqual([200, { ok: true }]);
    reachable = false;
    expect(await asked()).toEqual([503, { ok: false }]);
    reachable = true;
  });

  const stream = (assertion: unknown): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      const got: unknown[] = [];
      createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { assertion },
      }).subscribe(
        { query: 'subscription { ticks }' },
        { next: (event) => void got.push(event), error: reject, complete: () => resolve(got) },
      );
    });

  it('streams to the gateway, and to nobody else', async () => {
    expect(await stream(signAssertion(KEY, 'user', caller, 'connection_init'))).toEqual([
      { data: { ticks: 1 } },
      { data: { ticks: 2 } },
    ]);
    await expect(stream(undefined)).rejects.toMatchObject({ code: 4403 });
    await expect(stream(signAssertion(KEY, 'tweet', caller, 'connection_init'))).rejects.toMatchObject({
      code: 4403,
    });
  });
});
