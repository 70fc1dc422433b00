import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '../tests/until.ts';
import { startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

const PER_ADDRESS = 50;
/** A request that no page of another site can make. */
const PREFLIGHT = { headers: { 'apollo-require-preflight': '1' } };

let supergraph: SmallSupergraph;
beforeAll(async () => {
  supergraph = await startSmallSupergraph('in process', {
    SOCKETS_PER_ADDRESS: String(PER_ADDRESS),
    SOCKETS_PER_VIEWER: '3',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  supergraph.sessions.begin('ada');
});
afterAll(() => supergraph.stop());

const connect = (address: string, to = supergraph) =>
  new WebSocket(`${to.gateway.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'], {
    headers: { 'x-forwarded-for': address },
  });

/** Says what keeps it open, however long the others take. */
const greeting = (socket: WebSocket) => socket.once('open', () => socket.send('{"type":"connection_init"}'));

/** `open`, or the status that it is refused with. */
async function outcome(socket: WebSocket): Promise<'open' | number> {
  const { promise, resolve } = Promise.withResolvers<'open' | number>();
  socket.on('error', () => undefined);
  socket.once('open', () => resolve('open'));
  socket.once('unexpected-response', (_request, response) => {
    resolve(response.statusCode ?? 0);
    socket.terminate();
  });
  return await promise;
}

it('takes so many sockets of an address, and others when those are gone', async () => {
  const sockets = Array.from({ length: PER_ADDRESS + 10 }, () => connect('10.0.0.1'));
  const outcomes = await Promise.all(sockets.map(outcome));
  // They say nothing: on a slow machine the first may be closed before the last come.
  const opened = outcomes.filter((how) => how === 'open').length;
  expect(opened).toBeGreaterThanOrEqual(PER_ADDRESS);
  expect(outcomes.filter((how) => how === 429)).toHaveLength(PER_ADDRESS + 10 - opened);
  expect(supergraph.gateway.openSockets()).toBeLessThanOrEqual(PER_ADDRESS);

  const other = connect('10.0.0.2');
  expect(await outcome(other)).toBe('open');
  for (const socket of [other, ...sockets]) socket.terminate();
  await until('all are gone', () => supergraph.gateway.openSockets() === 0);
  const again = connect('10.0.0.1');
  expect(await outcome(again)).toBe('open');
  again.terminate();
});

it('takes so many in all, wherever they come from, and answers requests nevertheless', async () => {
  const small = await startSmallSupergraph('in process', {
    SOCKETS_PER_GATEWAY: '2',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const greeted = async (address: string) => {
    const socket = connect(address, small);
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    return socket;
  };
  const first = await greeted('2001:db8:0:1::1');
  await greeted('2001:db8:0:2::1');
  const refused = connect('2001:db8:0:3::1', small).on('error', () => undefined);
  const [, response] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage];
  expect(response.statusCode).toBe(503);
  expect(response.headers['retry-after']).toBe('10');
  refused.terminate();
  expect((await fetch(`${small.gateway.url}/graphql?query={self{cursor}}`, PREFLIGHT)).status).toBe(200);

  first.close();
  await until('one is gone', () => small.gateway.openSockets() === 1);
  expect(await outcome(connect('2001:db8:0:3::1', small))).toBe('open');
  await small.stop();
});

it('lets go of those that it refuses or closes, though their clients do not', async () => {
  const small = await startSmallSupergraph('in process');
  const port = Number(new URL(small.gateway.url).port);
  const upgrade = async (path: string) => {
    const client = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
    const head = [`GET ${path} HTTP/1.1`, 'host: x', 'connection: upgrade', 'upgrade: websocket'];
    const key = ['sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='];
    client.write([...head, ...key, 'sec-websocket-protocol: graphql-transport-ws', '\r\n'].join('\r\n'));
    const [answer] = (await once(client, 'data')) as [Buffer];
    return { client: client.resume(), status: answer.toString('latin1', 9, 12) };
  };
  const refused = await upgrade('/nowhere');
  const open = await upgrade('/graphql');
  expect([refused.status, open.status]).toEqual(['404', '101']);
  // Resolves when no connection is left.
  await small.stop();
  for (const { client } of [refused, open]) client.destroy();
});

it('takes so many of an account, wherever they come from, and others when those are gone', async () => {
  const signedIn = async (address: string) => {
    const socket = connect(address);
    await once(socket, 'open');
    const { promise, resolve } = Promise.withResolvers<number | 'acknowledged'>();
    socket.once('message', () => resolve('acknowledged'));
    socket.once('close', resolve);
    socket.send('{"type":"connection_init","payload":{"authorization":"Bearer ada"}}');
    return { socket, how: await promise };
  };
  const held = [await signedIn('10.0.1.1'), await signedIn('10.0.1.2'), await signedIn('10.0.1.3')];
  expect(held.map(({ how }) => how)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  expect((await signedIn('10.0.1.4')).how).toBe(4429);
  held[0]?.socket.close();
  const { socket } = await until('there is room again', async () => {
    const tried = await signedIn('10.0.1.4');
    return tried.how === 'acknowledged' && tried;
  });
  for (const each of [socket, ...held.map((one) => one.socket)]) each.terminate();
});

it('counts a network of IPv6 as one address', async () => {
  const small = await startSmallSupergraph('in process', {
    SOCKETS_PER_ADDRESS: '2',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const from = (address: string) => outcome(greeting(connect(address, small)));
  expect(await from('2001:db8:0:1::1')).toBe('open');
  expect(await from('2001:db8:0:1::2')).toBe('open');
  expect(await from('2001:db8::1:ffff:0:0:3')).toBe(429);
  expect(await from('2001:db8:0:2::1')).toBe('open');
  await small.stop();
});

it('counts a site of IPv6 as ten addresses', async () => {
  const small = await startSmallSupergraph('in process', {
    SOCKETS_PER_ADDRESS: '1',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  const from = (address: string) => outcome(greeting(connect(address, small)));
  for (let n = 0; n < 10; n++) expect(await from(`2001:db8:0:${n}::1`)).toBe('open');
  expect(await from('2001:db8:0:a::1')).toBe(429);
  expect(await from('2001:db8:1::1')).toBe('open');
  await small.stop();
});
