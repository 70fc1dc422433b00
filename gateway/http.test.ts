import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadAddresses } from '../platform/process/addresses.ts';
import type { CostNotice } from './budget.ts';
import { loadGatewaySettings } from './config.ts';
import { startGateway } from './gateway.ts';
import { smallSupergraphSdl, startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

interface Answer {
  status: number;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions: { code: string } }[];
  };
  /** `extensions.cost` of the body. */
  cost?: CostNotice;
  headers: Headers;
}

describe.each(['in process', 'distributed'] as const)('the gateway over HTTP, its subgraphs %s', (shape) => {
  let supergraph: SmallSupergraph;

  beforeAll(async () => {
    supergraph = await startSmallSupergraph(shape, { TRUSTED_PROXIES: '127.0.0.1' });
  });
  afterAll(() => supergraph.stop());

  async function send(init: RequestInit, search = ''): Promise<Answer> {
    const response = await fetch(`${supergraph.gateway.url}/graphql${search}`, init);
    const text = await response.text();
    const { extensions, ...body } = (text === '' ? {} : JSON.parse(text)) as Answer['body'] & {
      extensions?: { cost: CostNotice };
    };
    return {
      status: response.status,
      body,
      ...(extensions && { cost: extensions.cost }),
      headers: response.headers,
    };
  }
  const post = (body: string, headers: Record<string, string> = {}) =>
    send({ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const ask = (query: string, headers?: Record<string, string>, rest: object = {}) =>
    post(JSON.stringify({ query, ...rest }), headers);
  const codes = ({ body }: Answer) => (body.errors ?? []).map(({ extensions }) => extensions.code);
  const callerSeen = async (headers: Record<string, string>, query = '{ caller }') =>
    JSON.parse(String((await ask(query, headers)).body.data?.['caller'])) as Record<string, unknown>;

  it('joins what two subgraphs know', async () => {
    expect((await ask('{ entry(cursor: "a") { cursor author { id name } } }')).body).toEqual({
      data: { entry: { cursor: 'a', author: { id: 'a', name: 'name of a' } } },
    });
  });

  describe('refuses with a 4xx and a code of the API', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: caller`).join(' ');
    const deep = `{ self ${'{ self '.repeat(20)} { cursor } ${'}'.repeat(20)} }`;
    it.each<[string, string, string?]>([
      ['malformed JSON', '{"query": '],
      ['a body that is no object', '"{ caller }"'],
      ['an empty body', ''],
      ['a batch', '[{"query":"{ caller }"},{"query":"{ caller }"}]'],
      ['a syntax error', JSON.stringify({ query: '{ caller' })],
      ['an unknown field', JSON.stringify({ query: '{ nope }' })],
      ['an unknown operation', JSON.stringify({ query: 'query A { caller }', operationName: 'B' })],
      ['operations without a choice', JSON.stringify({ query: 'query A { caller } query B { caller }' })],
      ['a missing variable', JSON.stringify({ query: 'query ($c: ID!) { entry(cursor: $c) { cursor } }' })],
      ['variables that are no object', JSON.stringify({ query: '{ caller }', variables: 'x' })],
      ['a deep query', JSON.stringify({ query: deep })],
      ['a flood of aliases', JSON.stringify({ query: `{ ${fields(60)} }` })],
      ['a subscription', JSON.stringify({ query: 'subscription { home { cursor } }' })],
      [
        'a subscription with a condition',
        JSON.stringify({ query: 'subscription ($x: Boolean!) { home @skip(if: $x) { cursor } }' }),
      ],
      ['a form', 'query={caller}', 'application/x-www-form-urlencoded'],
      ['plain text', JSON.stringify({ query: '{ caller }' }), 'text/plain'],
    ])('%s', async (...[, body, type = 'application/json']) => {
      const answer = await post(body, { 'content-type': type });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(codes(answer)).toContain('BAD_USER_INPUT');
      expect(new Set(codes(answer))).toEqual(new Set(['BAD_USER_INPUT']));
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|node_modules/);
    });

    it('a query by GET that a page of another site could have sent', async () => {
      expect(codes(await send({ method: 'GET' }, '?query={caller}'))).toEqual(['BAD_USER_INPUT']);
    });

    it('a mutation by GET', async () => {
      const answer = await send({ headers: { 'apollo-require-preflight': '1' } }, '?query=mutation{signIn}');
      expect(answer.status).toBe(405);
    });

    it.each(['PUT', 'PATCH', 'DELETE'])('%s', async (method) => {
      const answer = await send({ method });
      expect([answer.status, codes(answer)]).toEqual([405, ['BAD_USER_INPUT']]);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    });

    it('10 MB, of which it reads little', async () => {
      const answer = await post(JSON.stringify({ query: '{ caller }', pad: 'x'.repeat(10_000_000) }));
      expect([answer.status, codes(answer)]).toEqual([413, ['BAD_USER_INPUT']]);
    });

    it('a body that does not say how long it is, and is too long', async () => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const request = httpRequest(
        `${supergraph.gateway.url}/graphql`,
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => resolve(response.resume().statusCode ?? 0),
      );
      request.on('error', reject);
      for (let i = 0; i < 3; i++) request.write('x'.repeat(50_000));
      expect(await promise).toBe(413);
      request.destroy();
    });
  });

  it('answers a query by GET that no other site can send', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    expect((await send({ headers }, '?query={entry(cursor:"a"){cursor}}')).body).toEqual({
      data: { entry: { cursor: 'a' } },
    });
  });

  it('answers in the newer media type when asked to', async () => {
    const { headers } = await ask('{ caller }', { accept: 'application/graphql-response+json' });
    expect(headers.get('content-type')).toMatch('application/graphql-response+json');
  });

  it('keeps the words of unexpected errors and the names of subgraphs to itself', async () => {
    const answer = await ask('{ entry(cursor: "a") { cursor author { id broken } } }');
    expect(answer.body.data).toEqual({ entry: { cursor: 'a', author: { id: 'a', broken: null } } });
    expect(answer.body.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['entry', 'author', 'broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
  });

  it('tells a subgraph nothing that a client says of itself', async () => {
    const forged = { 'x-roost-assertion': 'x.y', 'x-roost-viewer': 'ada' };
    expect(await callerSeen(forged)).toMatchObject({ viewer: null });
  });

  it('takes the address of a client from a trusted proxy', async () => {
    expect(await callerSeen({ 'x-forwarded-for': '1.1.1.1, 2.2.2.2' })).toMatchObject({ address: '2.2.2.2' });
  });

  it('knows a browser by its cookie and a program by its token', async () => {
    supergraph.sessions.begin('ada');
    const viewer = { userId: 'user-ada', sessionId: 'session-ada' };
    expect(await callerSeen({ cookie: 'a=b; roost_session=ada' })).toMatchObject({ viewer });
    expect(await callerSeen({ authorization: 'Bearer ada' })).toMatchObject({ viewer });
  });

  it('refuses a token that is not good', async () => {
    const answer = await ask('{ caller }', { authorization: 'Bearer made-up' });
    expect([answer.status, codes(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
  });

  it('takes a cookie away whose session has ended, and answers as to anybody', async () => {
    const answer = await ask('{ caller }', { cookie: 'roost_session=gone' });
    expect(answer.body.data?.['caller']).toMatch('"viewer":null');
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringContaining('roost_session=; Path=/; Max-Age=0'),
    ]);
  });

  it('says that it cannot tell who somebody is', async () => {
    supergraph.sessions.unreachable = true;
    const answer = await ask('{ caller }', { cookie: 'roost_session=unseen' });
    supergraph.sessions.unreachable = false;
    expect([answer.status, codes(answer)]).toEqual([503, ['UNAVAILABLE']]);
  });

  it('passes on the cookies of the user subgraph, and of no other', async () => {
    const { headers } = await ask('mutation { signIn }');
    expect(headers.getSetCookie()).toEqual(['roost_session=new; Path=/']);
    expect((await ask('{ cookie }')).headers.getSetCookie()).toEqual([]);
  });

  it('lets those who just wrote read what they wrote', async () => {
    supergraph.sessions.begin('bob');
    const cookie = 'roost_session=bob';
    expect(await callerSeen({ cookie })).toMatchObject({ readsOwnWrites: false });
    const renamed = await ask('mutation { rename(id: "1", name: "B") { name caller } }', { cookie });
    expect(renamed.body.data?.['rename']).toMatchObject({
      name: 'B',
      caller: expect.stringContaining('"readsOwnWrites":true'),
    });
    expect(await callerSeen({ cookie })).toMatchObject({ readsOwnWrites: true });
  });

  it('lets pages of its own origin read answers, and no others', async () => {
    const from = async (origin: string) =>
      (await send({ method: 'OPTIONS', headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await from('http://localhost:4000')).toBe('http://localhost:4000');
    expect(await from('https://evil.example')).toBe(null);
  });

  it('is ready when its subgraphs are', async () => {
    const response = await fetch(`${supergraph.gateway.url}/health/ready`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { ok: true, checks: { user: 'ok', timeline: 'ok' } },
    ]);
    expect((await fetch(`${supergraph.gateway.url}/health/live`)).status).toBe(200);
  });

  it('answers what else it was given to, and a clean 404 elsewhere', async () => {
    expect(await (await fetch(`${supergraph.gateway.url}/extra/thing`)).text()).toBe('an extra route');
    for (const path of ['/nothing', '/playground/..%2f..%2fpackage.json', '//', '/constructor/x']) {
      expect((await fetch(supergraph.gateway.url + path)).status).toBe(404);
    }
  });
});

it('goes on without a subgraph that died, and says which is not ready', async () => {
  const supergraph = await startSmallSupergraph('distributed');
  await supergraph.stopSubgraph('user');
  const response = await fetch(`${supergraph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ entry(cursor: "a") { cursor author { id name } } }' }),
  });
  expect(await response.json()).toMatchObject({
    data: { entry: { cursor: 'a', author: { id: 'a', name: null } } },
    errors: [expect.objectContaining({ extensions: { code: 'UNAVAILABLE' } })],
  });
  const ready = await fetch(`${supergraph.gateway.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ok: false, checks: { user: 'not ready', timeline: 'ok' } },
  ]);
  await supergraph.stop();
});

it('hangs up on a client that asks for much and takes nothing of it', async () => {
  const left = Promise.withResolvers<void>();
  const stalling = await startSmallSupergraph(
    'in process',
    {},
    {
      stalledMs: 100,
      routes: {
        much: (_request, response) => {
          response.once('close', left.resolve);
          response.end(Buffer.alloc(30_000_000));
        },
      },
    },
  );
  const client = connect(Number(new URL(stalling.gateway.url).port), '127.0.0.1');
  client.pause();
  client.write('GET /much HTTP/1.1\r\nhost: x\r\n\r\n');
  await left.promise;
  client.destroy();
  await stalling.stop();
});

it('asks its subgraphs once however many want to know whether it is ready', async () => {
  let asked = 0;
  const answers: (() => void)[] = [];
  const gateway = await startGateway({
    supergraphSdl: smallSupergraphSdl(),
    sourceFor: () => ({
      execute: () => Promise.resolve({ data: {} }),
      subscribe: () => () => undefined,
      ready: () => {
        asked += 1;
        return new Promise<void>((resolve) => answers.push(resolve));
      },
      close: () => Promise.resolve(),
    }),
    sessions: null,
    addresses: { ...loadAddresses({}), port: 0 },
    settings: loadGatewaySettings({}),
  });
  const all = Array.from({ length: 50 }, () => gateway.ready());
  expect(asked).toBe(2);
  for (const answer of answers.splice(0)) answer();
  for (const { ok } of await Promise.all(all)) expect(ok).toBe(true);
  const again = gateway.ready();
  expect(asked).toBe(4);
  for (const answer of answers) answer();
  await again;
  await gateway.stop();
});
