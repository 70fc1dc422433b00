import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '../tests/until.ts';
import { startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

const PER_ADDRESS = 500;

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

it('takes so many sockets of an address, and closes those that never say a word', async () => {
  const sockets = Array.from({ length: PER_ADDRESS + 100 }, () => connect('10.0.0.1'));
  const codes: number[] = [];
  for (const socket of sockets) socket.on('close', (code) => void codes.push(code));
  const outcomes = await Promise.all(sockets.map(outcome));
  // On a slow machine the first may be closed before the last come.
  const opened = outcomes.filter((how) => how === 'open').length;
  expect(opened).toBeGreaterThanOrEqual(PER_ADDRESS);
  expect(outcomes.filter((how) => how === 429)).toHaveLength(PER_ADDRESS + 100 - opened);
  expect(supergraph.gateway.openSockets()).toBeLessThanOrEqual(PER_ADDRESS);

  // Others notice nothing.
  const other = connect('10.0.0.2');
  expect(await outcome(other)).toBe('open');
  other.close();
  const answer = await fetch(`${supergraph.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ entry(cursor: \\"a\\") { cursor } }"}',
  });
  expect(await answer.json()).toMatchObject({ data: { entry: { cursor: 'a' } } });

  await until('all are closed', () => supergraph.gateway.openSockets() === 0);
  expect(codes.filter((code) => code === 4408)).toHaveLength(opened);
  const again = connect('10.0.0.1');
  expect(await outcome(again)).toBe('open');
  again.close();
}, 30_000);

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
  const from = (address: string) => outcome(connect(address, small));
  expect(await from('2001:db8:0:1::1')).toBe('open');
  expect(await from('2001:db8:0:1::2')).toBe('open');
  expect(await from('2001:db8::1:ffff:0:0:3')).toBe(429);
  expect(await from('2001:db8:0:2::1')).toBe('open');
  await small.stop();
});
