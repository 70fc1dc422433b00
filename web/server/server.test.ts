import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';
import { startWeb, type Web } from './server.ts';

/** What the gateway was asked last. */
let asked: { request: IncomingMessage; body: string } | undefined;
let gateway: Server;
let gatewayUrl: string;
const stopped: (() => Promise<void>)[] = [];

const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  gateway = createServer((req, response) => {
    void text(req).then((body) => {
      asked = { request: req, body };
      response.writeHead(req.url === '/health/ready' ? 200 : 207, [
        ['set-cookie', 'session=1; HttpOnly'],
        ['set-cookie', 'other=2'],
        ['x-answer', 'kept'],
      ]);
      response.end('from the gateway');
    });
  });
  const sockets = new WebSocketServer({ server: gateway });
  sockets.on('connection', (socket, req) => {
    asked = { request: req, body: '' };
    socket.on('message', (said: Buffer) => socket.send(`heard ${said.toString()}`));
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  gatewayUrl = `http://127.0.0.1:${portOf(gateway)}`;
});

afterEach(async () => {
  for (const stop of stopped.splice(0)) await stop();
});

afterAll(async () => {
  gateway.closeAllConnections();
  const closed = once(gateway, 'close');
  gateway.close();
  await closed;
});

/** A web whose pages answer with what they were asked. */
async function aWeb(
  options: Partial<Parameters<typeof startWeb>[0]> = {},
): Promise<{ web: Web; origin: string }> {
  const port = await freePort();
  const web = await startWeb({
    pages: () => ({
      prepare: () => Promise.resolve(),
      getRequestHandler: () => async (req, response) => {
        await Promise.resolve();
        response.end(JSON.stringify(req.headers));
      },
      close: () => Promise.resolve(),
    }),
    host: '127.0.0.1',
    port,
    publicUrl: new URL('https://roost.example.org'),
    gatewayUrl,
    addressKey: 'a key of at least thirty-two characters',
    dev: false,
    ...options,
  });
  stopped.push(web.stop);
  return { web, origin: `http://127.0.0.1:${port}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}

describe('the web', () => {
  it.each(['/graphql?x=1', '/avatars/1.svg', '/playground/main.js'])(
    'passes %s on with its body, and the answer back with its cookies',
    async (path) => {
      const { origin } = await aWeb();
      const answer = await fetch(origin + path, {
        method: 'POST',
        body: 'a body',
        headers: { cookie: 'a=b' },
      });
      expect(asked).toMatchObject({ body: 'a body', request: { url: path, headers: { cookie: 'a=b' } } });
      expect(answer.status).toBe(207);
      expect(answer.headers.getSetCookie()).toEqual(['session=1; HttpOnly', 'other=2']);
      expect(answer.headers.get('x-answer')).toBe('kept');
      expect(await answer.text()).toBe('from the gateway');
    },
  );

  it('says itself who asks, whatever the client says of that', async () => {
    const { origin } = await aWeb();
    await fetch(`${origin}/graphql`, {
      headers: { 'x-roost-client': '1.1.1.1 1 forged', 'x-roost-else': '1' },
    });
    const headers = asked?.request.headers;
    expect(headers?.['x-roost-client']).toMatch(/^127\.0\.0\.1 \d+ [\w-]{43}$/);
    expect(headers).not.toHaveProperty('x-roost-else');
  });

  it('drops what a client says of who asks where it has no key to say better', async () => {
    const { origin } = await aWeb({ addressKey: undefined });
    await fetch(`${origin}/graphql`, { headers: { 'x-roost-client': '1.1.1.1 1 forged' } });
    expect(asked?.request.headers).not.toHaveProperty('x-roost-client');
  });

  it('takes the headers of one connection off', async () => {
    const { origin } = await aWeb();
    const onward = request(`${origin}/graphql`, {
      headers: { connection: 'x-once', 'x-once': '1', te: 'trailers' },
    });
    onward.end();
    await once(onward, 'response');
    expect(asked?.request.headers).not.toHaveProperty('x-once');
    expect(asked?.request.headers).not.toHaveProperty('te');
  });

  it('says who asks though the client calls that a header of the connection', async () => {
    const { origin } = await aWeb();
    const onward = request(`${origin}/graphql`, { headers: { connection: 'close, X-Roost-Client' } });
    onward.end();
    await once(onward, 'response');
    expect(asked?.request.headers['x-roost-client']).toMatch(/^127\.0\.0\.1 /);
  });

  const SECOND = 'GET /second HTTP/1.1\r\nhost: gateway\r\n\r\n';
  it.each([
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    [
      'of a length that is called a header of the connection',
      { 'content-length': SECOND.length, connection: 'content-length' },
    ],
  ])('passes the body of a GET on as such, and not as the next request: %s', async (_, headers) => {
    const { origin } = await aWeb();
    const onward = request(`${origin}/graphql`, { headers });
    onward.end(SECOND);
    await once(onward, 'response');
    expect(asked).toMatchObject({ body: SECOND, request: { url: '/graphql' } });
  });

  it('answers for a gateway that is away, in the form of GraphQL', async () => {
    const { origin } = await aWeb({ gatewayUrl: `http://127.0.0.1:${await freePort()}` });
    const answer = await fetch(`${origin}/graphql`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
  });

  it('gives each page a nonce of its own, and tells it to Next', async () => {
    const { origin } = await aWeb();
    const answers = await Promise.all([fetch(origin), fetch(`${origin}/@ada`)]);
    const policies = answers.map((answer) => answer.headers.get('content-security-policy') ?? '');
    expect(new Set(policies.map((policy) => /'nonce-([\w+/=]{24})'/.exec(policy)?.[1])).size).toBe(2);
    for (const [at, answer] of answers.entries()) {
      expect(await answer.json()).toMatchObject({ 'content-security-policy': policies[at] });
      expect(policies[at]).not.toContain('unsafe');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('strict-transport-security')).not.toBeNull();
    }
  });

  it('is ready when the gateway is, and alive anyway', async () => {
    const { origin } = await aWeb();
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    const alone = await aWeb({ gatewayUrl: `http://127.0.0.1:${await freePort()}` });
    expect((await fetch(`${alone.origin}/health/ready`)).status).toBe(503);
    expect((await fetch(`${alone.origin}/health/live`)).status).toBe(200);
  });
});

describe('a socket through the web', () => {
  it('carries words both ways, and says who speaks', async () => {
    const { origin } = await aWeb();
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('hello');
    const [heard] = (await once(socket, 'message')) as [Buffer];
    expect(heard.toString()).toBe('heard hello');
    expect(socket.protocol).toBe('graphql-transport-ws');
    expect(asked?.request.headers['x-roost-client']).toMatch(/^127\.0\.0\.1 /);
    socket.terminate();
  });

  it('says who speaks though the client calls that a header of the connection', async () => {
    const { origin } = await aWeb();
    const onward = request(`${origin}/graphql`, {
      headers: {
        connection: 'Upgrade, x-roost-client',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    onward.end();
    const [, connection] = (await once(onward, 'upgrade')) as [unknown, Socket];
    expect(asked?.request.headers['x-roost-client']).toMatch(/^127\.0\.0\.1 /);
    connection.destroy();
  });

  it('ends when the web stops, which waits for nobody', async () => {
    const { web, origin } = await aWeb();
    stopped.length = 0;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await web.stop();
    await closed;
  });

  it('is refused where it is not of the gateway, or the gateway is away', async () => {
    const { origin } = await aWeb({ gatewayUrl: `http://127.0.0.1:${await freePort()}` });
    for (const path of ['/graphql', '/elsewhere']) {
      const socket = new WebSocket(origin.replace('http', 'ws') + path);
      await once(socket, 'error');
      expect(socket.readyState).not.toBe(WebSocket.OPEN);
    }
  });
});
