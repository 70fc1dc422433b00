import { afterEach, describe, expect, it } from '@jest/globals';
import { gql } from '@apollo/client';
import { GraphQLError, buildSchema, parse, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { until as untilAnswer } from '../../tests/until.ts';
import { createClient } from './client.ts';
import { createSocket, type Socket } from './socket.ts';

const schema: GraphQLSchema = buildSchema(`
  type Query { hello: String }
  type Event { cursor: String! text: String }
  type Subscription { home(after: String): Event }
`);

const HOME = gql`
  subscription Home($after: String) {
    home(after: $after) {
      cursor
      text
    }
  }
`;

type Stream = (after: string | null) => AsyncIterable<unknown>;

/** A gateway on one port, that can go and come back. It notes behind which cursors it was asked to go on. */
async function aGateway() {
  const asked: (string | null)[] = [];
  let port = 0;
  let server: WebSocketServer | undefined;
  let stream: Stream = async function* () {};

  const start = async () => {
    server = new WebSocketServer({ port, host: '127.0.0.1' });
    useServer(
      {
        schema,
        onSubscribe: (_context, _id, { query, variables }) => ({
          schema,
          document: parse(query),
          variableValues: variables ?? {},
        }),
        subscribe: ({ variableValues }) => {
          const after = (variableValues?.['after'] as string | undefined) ?? null;
          asked.push(after);
          return stream(after) as never;
        },
      },
      server,
    );
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await start();
  return {
    asked,
    start,
    url: () => `ws://127.0.0.1:${port}`,
    streams: (next: Stream) => {
      stream = next;
    },
    /** As a process that is killed: nobody is told. */
    kill: async () => {
      const closed = once(server as WebSocketServer, 'close');
      for (const client of server?.clients ?? []) client.terminate();
      server?.close();
      await closed;
    },
  };
}

const event = (cursor: string) => ({ data: { home: { __typename: 'Event', cursor, text: cursor } } });
const refused = (code: string) => ({
  data: null,
  errors: [new GraphQLError('no', { extensions: { code } })],
});
const never = () => new Promise<never>(() => undefined);

/** This machine's network, as the test says. */
function aNetwork() {
  const network = new EventTarget() as EventTarget & { navigator: { onLine: boolean } };
  network.navigator = { onLine: true };
  return {
    network,
    become: (onLine: boolean) => {
      network.navigator.onLine = onLine;
      network.dispatchEvent(new Event(onLine ? 'online' : 'offline'));
    },
  };
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Subscribes, and collects the cursors of what arrives. */
function follow(socket: Socket, after?: string) {
  const client = createClient(socket.link);
  const seen: string[] = [];
  const failed: unknown[] = [];
  const subscription = client
    .subscribe<{ home: { cursor: string } }>({ query: HOME, variables: { after } })
    .subscribe({
      next: ({ data, error }) => (error ? failed.push(error) : seen.push(data?.home.cursor ?? '')),
      error: (err: unknown) => failed.push(err),
    });
  ends.push(() => subscription.unsubscribe());
  return { seen, failed };
}

const until = (what: () => boolean) => untilAnswer(String(what), async () => what());

async function connected() {
  const gateway = await aGateway();
  const { network, become } = aNetwork();
  const socket = createSocket(gateway.url(), network);
  ends.push(gateway.kill, socket.close);
  return { gateway, socket, become };
}

describe('a stream', () => {
  it('goes on behind its last event when the gateway was killed and is back', async () => {
    const { gateway, socket } = await connected();
    gateway.streams(async function* (after) {
      if (after === 'page') yield event('one');
      else if (after === 'one') yield event('two');
      await never();
    });
    const { seen } = follow(socket, 'page');
    await until(() => seen.length === 1);
    await gateway.kill();
    await until(() => socket.status() === 'reconnecting');
    await gateway.start();
    await until(() => seen.length === 2);
    expect({ seen, asked: gateway.asked, status: socket.status() }).toEqual({
      seen: ['one', 'two'],
      asked: ['page', 'one'],
      status: 'live',
    });
  });

  it('is asked for again when the gateway ends it, or says that a part of it is away', async () => {
    const { gateway, socket } = await connected();
    const answers = [[event('one')], [refused('UNAVAILABLE')], [event('two')]];
    gateway.streams(async function* () {
      yield* answers.shift() ?? [await never()];
    });
    const { seen, failed } = follow(socket, 'page');
    await until(() => seen.length === 2);
    expect({ seen, failed, asked: gateway.asked.slice(0, 3) }).toEqual({
      seen: ['one', 'two'],
      failed: [],
      asked: ['page', 'one', 'one'],
    });
  });

  it('is not asked for again when the answer will stay as it is', async () => {
    const { gateway, socket } = await connected();
    gateway.streams(async function* () {
      yield refused('UNAUTHENTICATED');
      await never();
    });
    const { failed } = follow(socket);
    await until(() => failed.length === 1);
    expect(gateway.asked).toHaveLength(1);
  });
});

describe('the status', () => {
  it('says when this machine is off the network, and comes back at once with it', async () => {
    const { gateway, socket, become } = await connected();
    gateway.streams(async function* () {
      yield event('one');
      await never();
    });
    const said: string[] = [];
    ends.push(socket.onStatus(() => said.push(socket.status())));
    const { seen } = follow(socket, 'page');
    await until(() => seen.length === 1);
    become(false);
    await until(() => socket.status() === 'offline');
    become(true);
    await until(() => seen.length === 2);
    expect(said).toEqual(['offline', 'reconnecting', 'live']);
  });
});
