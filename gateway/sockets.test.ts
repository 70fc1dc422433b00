import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client, type ExecutionResult } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { until as untilSo } from '../tests/until.ts';
import { createSocketSessions } from './socket-sessions.ts';
import { startSmallSupergraph, testSessions, type SmallSupergraph } from './small-supergraph.ts';

const until = (holds: () => boolean) => untilSo(`it holds that ${holds.toString()}`, holds);

describe.each(['in process', 'distributed'] as const)(
  'the gateway over WebSocket, its subgraphs %s',
  (shape) => {
    let supergraph: SmallSupergraph;
    let url: string;
    const clients: Client[] = [];

    beforeAll(async () => {
      supergraph = await startSmallSupergraph(shape);
      url = `${supergraph.gateway.url.replace('http', 'ws')}/graphql`;
    });
    afterAll(async () => {
      for (const each of clients) await each.dispose();
      await supergraph.stop();
    });

    function client(authorization?: string): Client {
      const made = createClient({
        url,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(authorization !== undefined && { connectionParams: { authorization } }),
      });
      clients.push(made);
      return made;
    }

    function open(query: string, from = client(), variables: Record<string, unknown> = {}) {
      const got: ExecutionResult[] = [];
      const { promise: ended, resolve } = Promise.withResolvers<unknown>();
      const stop = from.subscribe(
        { query, variables },
        {
          // What it cost has tests of its own.
          next: ({ extensions: _cost, ...event }) => void got.push(event as ExecutionResult),
          error: resolve,
          complete: () => resolve('complete'),
        },
      );
      return { got, ended, stop };
    }

    const noStreams = () => until(() => supergraph.streams() === 0);

    it('completes the events of one subgraph by what others know, in order', async () => {
      const stream = open(
        'subscription ($p: String, $named: Boolean = true) { e: home(prefix: $p) { cursor author { n: name @include(if: $named) } } }',
        client(),
        { p: 'x' },
      );
      await until(() => supergraph.streams() === 1);
      for (let i = 0; i < 20; i++) supergraph.announce(String(i));
      await until(() => stream.got.length === 20);
      expect(stream.got).toEqual(
        Array.from({ length: 20 }, (_, i) => ({
          data: { e: { cursor: `x${i}`, author: { n: `name of x${i}` } } },
        })),
      );
      stream.stop();
      expect(await stream.ended).toBe('complete');
      await noStreams();
    });

    it('ends the stream of the subgraph when the client leaves, also between events and without a word', async () => {
      const leaving = client();
      open('subscription { home { cursor } }', leaving);
      await until(() => supergraph.streams() === 1);
      leaving.terminate();
      await noStreams();
    });

    it('ends the stream at once while an event is still being completed', async () => {
      const stream = open('subscription { home { cursor author { slow } } }');
      await until(() => supergraph.streams() === 1);
      supergraph.announce('a');
      stream.stop();
      await noStreams();
      expect(stream.got).toEqual([]);
    });

    it('tells an error in an event where it is, and goes on', async () => {
      const stream = open('subscription { home { cursor author { id broken } } }');
      await until(() => supergraph.streams() === 1);
      supergraph.announce('a');
      supergraph.announce('b');
      await until(() => stream.got.length === 2);
      expect(stream.got[0]).toEqual({
        data: { home: { cursor: 'a', author: { id: 'a', broken: null } } },
        errors: [
          {
            message: 'Something went wrong on our side.',
            path: ['home', 'author', 'broken'],
            extensions: { code: 'INTERNAL_SERVER_ERROR' },
          },
        ],
      });
      stream.stop();
      await noStreams();
    });

    it('ends a stream whose subgraph fails with an error that has a code', async () => {
      const stream = open('subscription { home { cursor } }');
      await until(() => supergraph.streams() === 1);
      supergraph.breakStreams();
      expect(await stream.ended).toEqual([
        expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR' } }),
      ]);
    });

    it('answers queries and mutations too', async () => {
      const both = client();
      const query = open('{ entry(cursor: "a") { author { name } } }', both);
      const mutation = open('mutation { rename(id: "1", name: "B") { name } }', both);
      await Promise.all([query.ended, mutation.ended]);
      expect(query.got).toEqual([{ data: { entry: { author: { name: 'name of a' } } } }]);
      expect(mutation.got).toEqual([{ data: { rename: { name: 'B' } } }]);
    });

    it.each([
      ['subscription { nope }', {}],
      ['subscription {', {}],
      ['subscription ($x: Boolean!) { home @include(if: $x) { cursor } }', { x: true }],
      ['subscription ($p: Int!) { home { cursor(p: $p) } }', {}],
      ['query ($c: ID!) { entry(cursor: $c) { cursor } }', {}],
    ])('refuses %s, and only that', async (query, variables) => {
      const from = client();
      const fine = open('{ entry(cursor: "a") { cursor } }', from);
      const refused = await open(query, from, variables).ended;
      expect(refused).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) as unknown,
          }),
        ]),
      );
      expect(await fine.ended).toBe('complete');
    });

    it('takes at most 100 operations at a time on a socket', async () => {
      const busy = client();
      const streams = Array.from({ length: 100 }, () => open('subscription { home { cursor } }', busy));
      await until(() => supergraph.streams() === 100);
      expect(await open('{ caller }', busy).ended).toEqual([
        expect.objectContaining({ message: expect.stringContaining('at most 100') as unknown }),
      ]);
      for (const { stop } of streams) stop();
      await noStreams();
    });

    it('knows a program by the token in connection_init', async () => {
      supergraph.sessions.begin('ada');
      const asked = open('{ caller }', client('Bearer ada'));
      await asked.ended;
      expect(asked.got[0]?.data?.['caller']).toMatch('session-ada');
    });

    it('closes with 4403 for a token that is not good', async () => {
      expect(await open('{ caller }', client('Bearer made-up')).ended).toMatchObject({ code: 4403 });
    });

    it('asks to try again later when nobody can tell whose token it is', async () => {
      supergraph.sessions.unreachable = true;
      expect(await open('{ caller }', client('Bearer unseen')).ended).toMatchObject({ code: 1013 });
      supergraph.sessions.unreachable = false;
    });

    const connect = (
      options: ClientOptions = {},
      path = '/graphql',
      protocols: string[] = ['graphql-transport-ws'],
    ) => new WebSocket(url.replace('/graphql', path), protocols, options);
    const refusedWith = async (socket: WebSocket) => {
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      socket.on('error', () => undefined).terminate();
      return response.statusCode;
    };
    const closedWith = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0];

    it('takes no socket from a page of another site, or at another path', async () => {
      expect(await refusedWith(connect({ origin: 'https://evil.example' }))).toBe(403);
      expect(await refusedWith(connect({ origin: 'null' }))).toBe(403);
      expect(await refusedWith(connect({}, '/other'))).toBe(404);
    });

    it('takes one from a page of its own', async () => {
      const socket = connect({ origin: 'http://localhost:4000', headers: { cookie: 'roost_session=gone' } });
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      expect(String(((await once(socket, 'message')) as [Buffer])[0])).toBe('{"type":"connection_ack"}');
      socket.close();
    });

    it('closes a socket without the protocol, with nonsense on it, or with too much', async () => {
      expect(await closedWith(connect({}, '/graphql', []))).toBe(4406);
      const nonsense = connect();
      nonsense.once('open', () => nonsense.send('{"type":'));
      expect(await closedWith(nonsense)).toBe(4400);
      const large = connect();
      large.once('open', () => large.send('x'.repeat(200_000)));
      expect(await closedWith(large)).toBe(1009);
    });

    it('ends the subscription of a client that does not keep up, and its stream in the subgraph', async () => {
      const socket = connect();
      await once(socket, 'open');
      socket.send('{"type":"connection_init"}');
      await once(socket, 'message');
      const query = `subscription { home(prefix: "${'x'.repeat(50_000)}") { cursor a: cursor b: cursor } }`;
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
      await until(() => supergraph.streams() === 1);
      socket.pause();
      let sent = 0;
      while (supergraph.streams() === 1) {
        for (let i = 0; i < 20; i++) supergraph.announce(String(sent++));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const messages: { type: string; payload: unknown }[] = [];
      socket.on('message', (data: Buffer) =>
        messages.push(JSON.parse(data.toString()) as (typeof messages)[number]),
      );
      socket.resume();
      await until(() => messages.at(-1)?.type === 'error');
      expect(messages.at(-1)?.payload).toEqual([
        expect.objectContaining({ extensions: { code: 'UNAVAILABLE' } }),
      ]);
      expect(messages.length).toBeLessThan(sent);
      socket.close();
    });
  },
);

it('tells clients of a subgraph that died, whose stream it was', async () => {
  const supergraph = await startSmallSupergraph('distributed');
  const { ended, streams } = await openOne(supergraph);
  await until(() => streams() === 1);
  await supergraph.stopSubgraph('timeline');
  expect(await ended).toEqual([expect.objectContaining({ extensions: { code: 'UNAVAILABLE' } })]);
  await supergraph.stop();
});

it('closes with 4401 when the session of a socket ends, and no other', async () => {
  const supergraph = await startSmallSupergraph('in process');
  supergraph.sessions.begin('eve');
  const eve = await openOne(supergraph, 'Bearer eve');
  const other = await openOne(supergraph);
  await until(() => supergraph.streams() === 2);
  supergraph.sessions.end('eve');
  expect(await eve.ended).toMatchObject({ code: 4401 });
  await until(() => supergraph.streams() === 1);
  await supergraph.stop();
  expect(await other.ended).toMatchObject({ code: 1001 });
});

it('runs nothing for a session that has ended, though its client will not hear that it has', async () => {
  const supergraph = await startSmallSupergraph('in process');
  supergraph.sessions.begin('eve');
  const greeted = async (payload: object) => {
    const url = `${supergraph.gateway.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(url, ['graphql-transport-ws']);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    return socket;
  };
  const stream = (query: string) => JSON.stringify({ type: 'subscribe', id: '1', payload: { query } });
  const eve = await greeted({ authorization: 'Bearer eve' });
  eve.pause();
  supergraph.sessions.end('eve');
  eve.send(stream('subscription { home { cursor } }'));
  // What comes later is answered by then.
  const other = await greeted({});
  other.send(stream('{ caller }'));
  await once(other, 'message');
  expect(supergraph.streams()).toBe(0);
  eve.terminate();
  await supergraph.stop();
});

it('closes sockets as going away when it stops, so that clients connect anew', async () => {
  const supergraph = await startSmallSupergraph('in process');
  const { ended, streams } = await openOne(supergraph);
  await until(() => streams() === 1);
  await supergraph.stop();
  expect(await ended).toMatchObject({ code: 1001 });
  expect(streams()).toBe(0);
});

async function openOne(supergraph: SmallSupergraph, authorization?: string) {
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  createClient({
    url: `${supergraph.gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  }).subscribe(
    { query: 'subscription { home { cursor } }' },
    { next: () => undefined, error: resolve, complete: () => resolve('complete') },
  );
  return { ended, streams: supergraph.streams };
}

describe('the check of sessions with open sockets', () => {
  const session = (expiresInMs: number) => ({
    id: 'session-a',
    userId: 'user-a',
    expiresAt: new Date(Date.now() + expiresInMs),
  });
  const closing = () => {
    const { promise: code, resolve } = Promise.withResolvers<number>();
    const reasons: string[] = [];
    const close = (why: number, reason: string) => {
      reasons.push(reason);
      resolve(why);
    };
    return { socket: Object.assign(new EventEmitter(), { close }), code, reasons };
  };

  it('finds one that ended without a word', async () => {
    const sessions = testSessions();
    sessions.begin('a');
    const checked = createSocketSessions(sessions, { checkMs: 5 });
    const { socket, code } = closing();
    checked.add(session(60_000), socket);
    sessions.end('a', true);
    expect(await code).toBe(4401);
    checked.close();
  });

  it('closes a socket whose access token is over, and no other of the session', async () => {
    const sessions = testSessions();
    sessions.begin('a');
    const checked = createSocketSessions(sessions, { checkMs: 5 });
    const [over, standing] = [closing(), closing()];
    checked.add(session(60_000), standing.socket);
    checked.add(session(-1), over.socket);
    expect(await over.code).toBe(4401);
    sessions.end('a');
    expect(await standing.code).toBe(4401);
    expect(standing.reasons).toEqual(['The session has ended']);
    checked.close();
  });

  it('lets a session go that nobody can vouch for once its time is over', async () => {
    const sessions = testSessions();
    sessions.unreachable = true;
    const checked = createSocketSessions(sessions, { checkMs: 5 });
    const { socket, code } = closing();
    checked.add(session(-1), socket);
    expect(await code).toBe(4401);
    checked.close();
  });
});
