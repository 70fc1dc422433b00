import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { WebSocket } from 'ws';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join, PASSWORD, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let ada: Person;
/** Of Ada, as a browser sends it. */
let cookie: string;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  ada = await join(supergraph, 'ada');
  const { headers } = await send(
    JSON.stringify({
      query: 'mutation ($input: SignInInput!) { signIn(input: $input) { errors { __typename } } }',
      variables: { input: { login: ada.username, password: PASSWORD } },
    }),
  );
  cookie = headers.getSetCookie().map((each) => each.split(';')[0])[0] ?? '';
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

async function send(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${supergraph.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}
const codesIn = (text: string) => [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);

const POST =
  'mutation { createTweet(input: { text: "By another site", idempotencyKey: "x" }) { tweet { id } } }';
const WHO = '{"query":"{ viewer { id } }"}';

describe('a page of another site, with the cookie of whoever looks at it,', () => {
  it.each([
    ['a form', 'application/x-www-form-urlencoded', new URLSearchParams({ query: POST }).toString()],
    [
      'a form with files',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":${JSON.stringify(POST)}}\r\n--x--`,
    ],
    ['plain text', 'text/plain', JSON.stringify({ query: POST })],
    ['plain text that says it is JSON', 'text/plain; application/json', JSON.stringify({ query: POST })],
    ['no type at all', '', JSON.stringify({ query: POST })],
  ])('posts nothing by %s', async (_, type, body) => {
    const { status, text } = await send(body, {
      cookie,
      'content-type': type,
      origin: 'https://evil.example',
    });
    expect(status).toBe(400);
    expect(codesIn(text)).toEqual(['BAD_USER_INPUT']);
    expect(await ada.ask('{ viewer { user { tweetCount } } }')).toEqual({
      viewer: { user: { tweetCount: 0 } },
    });
  });

  it('reads nothing by GET, and learns nothing of what it could read', async () => {
    const response = await fetch(`${supergraph.origin}/graphql?query={viewer{id}}`, {
      headers: { cookie, origin: 'https://evil.example' },
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe(null);
    expect(await response.text()).not.toContain(ada.id);
  });

  it('opens no WebSocket', async () => {
    const socket = new WebSocket(
      `${supergraph.origin.replace('http', 'ws')}/graphql`,
      ['graphql-transport-ws'],
      {
        origin: 'https://evil.example',
        headers: { cookie },
      },
    );
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    socket.on('error', () => undefined).terminate();
  });
});

describe('a token', () => {
  const isRefused = async (token: string) => {
    const { status, text } = await send(WHO, { authorization: `Bearer ${token}` });
    expect([status, codesIn(text)]).toEqual([401, ['UNAUTHENTICATED']]);
  };

  it('that nobody signed, is of nobody', async () => {
    await isRefused(new UnsecuredJWT(decodeJwt(ada.token)).encode());
  });

  it.each(['HS256', 'EdDSA'] as const)('that somebody else signed by %s, is of nobody', async (alg) => {
    const header = decodeProtectedHeader(ada.token);
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = alg === 'EdDSA' ? privateKey : Buffer.from(String(header.kid).padEnd(32, '0'));
    const forged = (more: object) =>
      new SignJWT(decodeJwt(ada.token)).setProtectedHeader({ ...header, ...more, alg }).sign(key);
    await isRefused(await forged({}));
    await isRefused(await forged({ kid: '../../../dev/null' }));
    await isRefused(
      await forged({ kid: undefined, jwk: { kty: 'oct', k: 'AA' }, jku: 'https://evil.example' }),
    );
  });

  it('for another audience or from another issuer, is of nobody', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const header = { ...decodeProtectedHeader(ada.token), alg: 'EdDSA' };
    for (const claims of [{ aud: 'https://evil.example' }, { iss: 'https://evil.example' }, { sub: '1' }])
      await isRefused(
        await new SignJWT({ ...decodeJwt(ada.token), ...claims }).setProtectedHeader(header).sign(privateKey),
      );
    const [head, body, signature] = ada.token.split('.');
    const claims = Buffer.from(JSON.stringify({ ...decodeJwt(ada.token), aud: 'x' })).toString('base64url');
    expect(body).not.toBe(claims);
    await isRefused(`${head}.${claims}.${signature}`);
  });
});

it('believes no header about who the viewer is, or where', async () => {
  const { text } = await send(WHO, {
    'x-roost-assertion': Buffer.from(JSON.stringify({ viewer: { userId: '1', sessionId: '1' } })).toString(
      'base64url',
    ),
    'x-roost-client': '1.1.1.1 0 x',
    'x-roost-viewer': ada.id,
    'x-forwarded-for': '127.0.0.1',
  });
  expect((JSON.parse(text) as { data: unknown }).data).toEqual({ viewer: null });
});

it('guesses no password by many aliases in one operation', async () => {
  const guesses = (count: number) =>
    `mutation { ${Array.from({ length: count }, (_, n) => `g${n}: signIn(input: { login: "${ada.username}", password: "guess ${n}" }) { viewer { id } errors { ... on UserError { code } } }`).join(' ')} }`;
  const many = await send(JSON.stringify({ query: guesses(6) }));
  expect([many.status, codesIn(many.text)]).toEqual([400, ['BAD_USER_INPUT']]);
  const few = await send(JSON.stringify({ query: guesses(5) }));
  expect(codesIn(few.text)).toEqual(Array.from({ length: 5 }, () => 'UNAUTHENTICATED'));
});

describe('an id', () => {
  it.each([
    ['user', 'user(id: $id) { id }'],
    ['tweet', 'tweet(id: $id) { id }'],
  ])('of another kind is no %s, and the answer says which kind was meant', async (kind, field) => {
    const foreign = ['user', 'tweet', 'session', 'request', 'hashtag'].filter((other) => other !== kind);
    for (const other of foreign) {
      const body = JSON.stringify({
        query: `query ($id: ID!) { ${field} }`,
        variables: { id: `${other}_1` },
      });
      const { text } = await send(body, { authorization: `Bearer ${ada.token}` });
      expect(codesIn(text)).toEqual(['BAD_USER_INPUT']);
      expect(text).toContain(`id of a ${kind}`);
    }
  });

  it('of the session of another is of nothing', async () => {
    const bob = await join(supergraph, 'bob');
    const { viewer } = await bob.ask<{ viewer: { sessions: { id: string }[] } }>(
      '{ viewer { sessions { id } } }',
    );
    const ids = viewer.sessions.map(({ id }) => id);
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Session { deviceName } } }';
    expect(await bob.ask(query, { ids })).toMatchObject({ nodes: ids.map((id) => ({ id })) });
    expect(await ada.ask(query, { ids })).toEqual({ nodes: ids.map(() => null) });
  });
});

describe('a cursor that was tampered with', () => {
  const lists = ['tweets', 'likes', 'followers', 'following'];
  it.each(lists)('is refused by %s', async (list) => {
    for (const after of [
      'x',
      Buffer.from('1').toString('base64url'),
      Buffer.from("tweets 1' OR 1=1 --").toString('base64url'),
      `${Buffer.from(`${list} 1 2 3 4`).toString('base64url')}=`,
    ]) {
      const query = `query ($name: String!, $after: String) { user(username: $name) { ${list}(after: $after) { edges { cursor } } } }`;
      const { status, text } = await send(
        JSON.stringify({ query, variables: { name: ada.username, after } }),
        {
          authorization: `Bearer ${ada.token}`,
        },
      );
      expect(status).toBeLessThan(500);
      expect(codesIn(text)).toEqual(['BAD_USER_INPUT']);
    }
  });
});
