import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { subgraphs } from '../bin/secrets.ts';
import { ASSERTION_HEADER, signAssertion } from '../subgraphs/assertion.ts';
import { freePort } from '../engines/ports.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import { until } from './until.ts';

const root = join(import.meta.dirname, '..');

describe('subgraphs and gateway as servers of their own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roost-servers-'));
  const children: ChildProcess[] = [];
  let test: TestDatabase;
  let origin: string;
  const subgraphOrigins = new Map<string, string>();

  const start = (args: string[], env: NodeJS.ProcessEnv) => {
    children.push(spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' }));
  };

  beforeAll(async () => {
    test = await testDatabase();
    const ports: number[] = [];
    while (ports.length < subgraphs.length + 1) ports.push(await freePort(ports));
    const [port = 0, ...others] = ports;
    origin = `http://127.0.0.1:${port}`;
    const env: NodeJS.ProcessEnv = { ...test.env, PUBLIC_URL: origin, PORT: String(port) };

    let sdl = readFileSync(join(root, 'gateway/supergraph.graphql'), 'utf8');
    for (const [at, name] of subgraphs.entries()) {
      const address = `http://127.0.0.1:${others[at]}`;
      subgraphOrigins.set(name, address);
      sdl = sdl.replace(new RegExp(`(name: "${name}", url: ")[^"]+`), `$1${address}/graphql`);
      start([`subgraphs/${name}/main.ts`], { ...env, [`${name.toUpperCase()}_PORT`]: String(others[at]) });
    }
    const file = join(folder, 'supergraph.graphql');
    writeFileSync(file, sdl);
    start(['gateway/main.ts', '--supergraph', file], env);
    await until('all are ready', async () => (await fetch(`${origin}/health/ready`)).ok);
  });

  afterAll(async () => {
    await Promise.all(children.map((child) => end(child)));
    rmSync(folder, { recursive: true });
    await test.drop();
  });

  const ask = async (query: string, token?: string) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { data: never };
  };

  it('answer an operation that needs all of them, for somebody who signed up', async () => {
    const { data }: { data: SignedUp } = await ask(`mutation {
      signUp(input: { username: "ada", email: "ada@example.org", password: "correct horse", wantsToken: true }) {
        tokens { accessToken }
      }
    }`);
    const token = data.signUp.tokens.accessToken;
    await ask(
      `mutation { createTweet(input: { text: "apart", idempotencyKey: "1" }) { tweet { id } } }`,
      token,
    );
    const home = await ask(
      '{ homeTimeline(first: 1) { edges { node { text author { username followerCount } } } } }',
      token,
    );
    expect(home).toMatchObject({
      data: {
        homeTimeline: {
          edges: [{ node: { text: 'apart', author: { username: 'ada', followerCount: 0 } } }],
        },
      },
    });
  });

  describe.each(subgraphs)('%s, called by anybody but its gateway,', (name) => {
    const call = async (path: string, body: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${subgraphOrigins.get(name)}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return { status: response.status, text: await response.text() };
    };
    const caller = {
      viewer: { userId: '1', sessionId: '1' },
      address: '',
      userAgent: null,
      readsOwnWrites: false,
    };
    const keyOf = (subgraph: string) => test.env[`${subgraph.toUpperCase()}_ASSERTION_KEY`] ?? '';
    const QUERY = '{"query":"{ __typename }"}';

    it.each(['{ __typename }', '{ _service { sdl } }', '{ __schema { queryType { name } } }'])(
      'does not answer %s',
      async (query) => {
        const { status, text } = await call('/graphql', JSON.stringify({ query }));
        expect([status, text]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
      },
    );

    it('tells nobody about sessions', async () => {
      const body = '{"credential":{"kind":"cookie","secret":"x"},"address":""}';
      expect((await call('/sessions/find', body)).status).toBe(401);
      expect((await call('/sessions/stands', '{"sessionId":"1"}')).status).toBe(401);
    });

    it('believes no assertion that was made up, is for another, of another body, or old', async () => {
      const other = name === 'user' ? 'tweet' : 'user';
      const assertions = [
        'e30.e30',
        Buffer.from(JSON.stringify({ subgraph: name, ...caller })).toString('base64url'),
        signAssertion('', name, caller, QUERY),
        signAssertion(keyOf(other), name, caller, QUERY),
        signAssertion(keyOf(name), other, caller, QUERY),
        signAssertion(keyOf(name), name, caller, '{"query":"{ viewer { id } }"}'),
        signAssertion(keyOf(name), name, caller, QUERY, Date.now() - 60_000),
      ];
      for (const assertion of assertions)
        expect((await call('/graphql', QUERY, { [ASSERTION_HEADER]: assertion })).status).toBe(401);
      const real = signAssertion(keyOf(name), name, caller, QUERY);
      expect((await call('/graphql', QUERY, { [ASSERTION_HEADER]: real })).status).toBe(200);
    });

    it('opens no stream', async () => {
      const address = subgraphOrigins.get(name)?.replace('http', 'ws');
      const socket = new WebSocket(`${address}/graphql`, ['graphql-transport-ws']);
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      const [code] = (await once(socket, 'close')) as [number];
      expect(code).toBe(4403);
    });
  });

  it('shows a picture, which the user server has, to a proxy that asks for it', async () => {
    const picture = await fetch(`${subgraphOrigins.get('user')}/avatars/1.svg`);
    expect(picture.headers.get('content-type')).toBe('image/svg+xml');
    await picture.body?.cancel();
  });

  it('end well when they are told to', async () => {
    expect(await Promise.all(children.map((child) => end(child)))).toEqual([0, 0, 0, 0, 0]);
  });
});

interface SignedUp {
  signUp: { tokens: { accessToken: string } };
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  return child.exitCode;
}
