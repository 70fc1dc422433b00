import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join, PASSWORD, type Person } from './person.ts';
import { startSupergraph, type GraphqlError, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  [ada, bob] = await Promise.all([join(supergraph, 'ada'), join(supergraph, 'bob')]);
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** Asks as a browser does, whose cookie says who it is. */
async function browse(query: string, variables: object = {}, cookie = '') {
  const response = await fetch(`${supergraph.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query, variables }),
  });
  const { extensions: _, ...body } = (await response.json()) as { extensions?: unknown };
  return { status: response.status, body, cookies: response.headers.getSetCookie() };
}

const nameAndValue = (cookies: string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ');
const SIGN_IN = `mutation ($login: String!, $password: String!) {
  signIn(input: { login: $login, password: $password }) { viewer { user { username } } tokens { accessToken } errors { __typename } }
}`;
const SIGN_OUT = 'mutation { signOut { endedSessionId } }';
const WHO = '{ viewer { user { username } } }';

describe('a browser', () => {
  const isCookie = expect.stringMatching(
    /^roost_session=[\w-]{43}; (?=.*\bPath=\/)(?=.*\bHttpOnly)(?=.*\bSameSite=Lax)(?=.*\bMax-Age=\d{7,})(?!.*(Secure|Domain))/,
  );

  it('is signed in by signing up', async () => {
    const input = { username: 'newcomer', email: 'newcomer@example.com', password: PASSWORD };
    const { cookies } = await browse(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { viewer { id } errors { __typename } } }',
      { input },
    );
    expect(cookies).toEqual([isCookie]);
    expect((await browse(WHO, {}, nameAndValue(cookies))).body).toEqual({
      data: { viewer: { user: { username: 'newcomer' } } },
    });
  });

  it('signs in and out by a cookie that no script can read, and gets no token', async () => {
    const { body, cookies } = await browse(SIGN_IN, { login: ada.username, password: PASSWORD });
    expect(body).toEqual({
      data: { signIn: { viewer: { user: { username: ada.username } }, tokens: null, errors: [] } },
    });
    expect(cookies).toEqual([isCookie]);
    const cookie = nameAndValue(cookies);

    const out = await browse(SIGN_OUT, {}, cookie);
    expect(out.body).toEqual({
      data: { signOut: { endedSessionId: expect.stringMatching(/^session_\d+$/) } },
    });
    expect(out.cookies).toEqual([expect.stringMatching(/^roost_session=; .*Max-Age=0/)]);

    const after = await browse(WHO, {}, cookie);
    expect({ status: after.status, body: after.body }).toEqual({
      status: 200,
      body: { data: { viewer: null } },
    });
    expect(after.cookies).toEqual([expect.stringMatching(/^roost_session=; .*Max-Age=0/)]);
  });

  it('can sign in again with the cookie of a session that ended', async () => {
    const { cookies } = await browse(SIGN_IN, { login: ada.username, password: PASSWORD });
    const ended = nameAndValue(cookies);
    await browse(SIGN_OUT, {}, ended);
    const again = await browse(SIGN_IN, { login: ada.username, password: PASSWORD }, ended);
    // The last one of a name is the one that a browser keeps.
    expect(again.cookies.at(-1)).toEqual(isCookie);
  });
});

/** Why a stream ended that should not go on: the errors told, or the code that its socket was closed with. */
async function streamRefusal(token: string, after: string | null = null): Promise<unknown> {
  const client = createClient({
    url: `${supergraph.origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const query = 'subscription ($after: String) { homeTimeline(after: $after) { cursor } }';
  try {
    for await (const result of client.iterate({ query, variables: { after } })) return result;
    return 'ended without a word';
  } catch (err) {
    if (Array.isArray(err)) return (err as GraphqlError[]).map(({ extensions }) => extensions.code);
    return (err as { code?: unknown }).code ?? err;
  } finally {
    await client.dispose();
  }
}

async function openSubscriptions(): Promise<number> {
  const metrics = await (await fetch(`${supergraph.metricsOrigin}/metrics`)).text();
  return Number(/^roost_gateway_subscriptions (\d+)$/m.exec(metrics)?.[1]);
}

describe('a stream', () => {
  it('is refused to nobody in particular', async () => {
    expect(await streamRefusal('')).toEqual(['UNAUTHENTICATED']);
  });

  it('is refused with a token that is none, or of an ended session', async () => {
    const gone = await join(supergraph, 'gone');
    await gone.ask(SIGN_OUT);
    expect(await streamRefusal('nonsense')).toBe(4403);
    expect(await streamRefusal(gone.token)).toBe(4403);
  });

  it('ends when its session does', async () => {
    const eve = await join(supergraph, 'eve');
    const refusal = streamRefusal(eve.token);
    await until('the stream is open', async () => (await openSubscriptions()) === 1);
    await eve.ask(SIGN_OUT);
    expect(await refusal).toBe(4401);
  });

  const CHANGE_PASSWORD = `mutation ($new: String!) { changePassword(input: { currentPassword: "${PASSWORD}", newPassword: $new }) {
    revokedSessionIds errors { __typename } } }`;
  const REVOKE = 'mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { errors { __typename } } }';
  const REVOKE_OTHERS = 'mutation { revokeOtherSessions { revokedSessionIds } }';
  const endings: { name: string; end: (owner: Person, other: string) => Promise<unknown> }[] = [
    { name: 'it is revoked elsewhere', end: (owner, id) => owner.ask(REVOKE, { id }) },
    { name: 'all others are revoked', end: (owner) => owner.ask(REVOKE_OTHERS) },
    {
      name: 'the password is changed',
      end: (owner) => owner.ask(CHANGE_PASSWORD, { new: 'a new password' }),
    },
  ];
  it.each(endings)('ends at once when $name, and so do requests', async ({ end }) => {
    const owner = await join(supergraph, 'own');
    const { signIn } = await owner.ask<{
      signIn: { session: { id: string }; tokens: { accessToken: string; refreshToken: string } };
    }>(
      `mutation ($input: SignInInput!) { signIn(input: $input) { session { id } tokens { accessToken refreshToken } } }`,
      { input: { login: owner.username, password: PASSWORD, wantsToken: true } },
    );
    const { accessToken, refreshToken } = signIn.tokens;
    const open = await openSubscriptions();
    const [refusal, kept] = [streamRefusal(accessToken), streamRefusal(owner.token)];
    await until('both streams are open', async () => (await openSubscriptions()) === open + 2);
    await end(owner, signIn.session.id);
    expect(await refusal).toBe(4401);

    await until('requests are refused', async () => {
      const { data } = await supergraph.ask<{ viewer: object | null } | null>(WHO, {}, accessToken);
      return data?.viewer == null;
    });
    const refresh = await supergraph.ask<{ refreshSession: { errors: object[] } }>(
      `mutation ($refreshToken: String!) { refreshSession(input: { refreshToken: $refreshToken, wantsToken: true }) { errors { __typename } } }`,
      { refreshToken },
    );
    expect(refresh.data.refreshSession.errors).toEqual([{ __typename: 'SessionEndedError' }]);
    expect(await openSubscriptions()).toBe(open + 1);
    await owner.ask(SIGN_OUT);
    expect(await kept).toBe(4401);
  });

  it('does not resume behind the live cursor of somebody else, or of no stream', async () => {
    await ada.post('Hello');
    const [edge] = (await ada.home()).edges;
    for (const cursor of [(await bob.home()).liveCursor, edge?.cursor, 'nonsense\0']) {
      expect(await streamRefusal(ada.token, cursor)).toEqual(['BAD_USER_INPUT']);
    }
  });
});
