import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '../tests/until.ts';
import { startSmallSupergraph, type SmallSupergraph } from './small-supergraph.ts';

// What a client may do within the protocol that would take memory here without an end.

let supergraph: SmallSupergraph;
beforeAll(async () => {
  supergraph = await startSmallSupergraph('in process', { RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => supergraph.stop());

const open = () =>
  new WebSocket(`${supergraph.gateway.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);

async function greeted(): Promise<WebSocket> {
  const socket = open();
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
}

const subscribe = (id: string, more: object = {}) =>
  JSON.stringify({ type: 'subscribe', id, payload: { query: 'subscription { home { cursor } }', ...more } });
const complete = (id: string) => JSON.stringify({ type: 'complete', id });

it('loses no stream whose id is used again before it began', async () => {
  const socket = await greeted();
  for (let n = 0; n < 300; n++) {
    socket.send(subscribe('1'));
    socket.send(complete('1'));
  }
  socket.send(subscribe('1'));
  socket.send(subscribe('last'));
  await until('the last has begun', () => supergraph.streams() > 0);
  socket.send('{"type":"ping"}');
  await once(socket, 'message');
  expect(supergraph.streams()).toBeLessThanOrEqual(100);
  socket.close();
  await until('all have ended', () => supergraph.streams() === 0);
});

it('hangs up on an address that has much under way, and lets go of it then', async () => {
  const greedy = await greeted();
  const more = { extensions: { junk: 'x'.repeat(90_000) } };
  for (let n = 0; n < 50; n++) greedy.send(subscribe(String(n), more));
  expect(((await once(greedy, 'close')) as [number])[0]).toBe(4429);
  await until('all have ended', () => supergraph.streams() === 0);
  const again = await greeted();
  again.send(subscribe('1', more));
  await until('it has begun', () => supergraph.streams() === 1);
  again.close();
  await until('it has ended', () => supergraph.streams() === 0);
});

it('tells a few of many faults of variables, for which nobody pays', async () => {
  const socket = await greeted();
  const names = Array.from({ length: 30 }, (_, n) => `v${n}`);
  const query = `query (${names.map((name) => `$${name}: Boolean!`).join(', ')}) {
    ${names.map((name) => `${name}: caller @include(if: $${name})`).join(' ')} }`;
  socket.send(subscribe('1', { query, variables: {} }));
  const [message] = (await once(socket, 'message')) as [Buffer];
  const { type, payload } = JSON.parse(message.toString()) as { type: string; payload: unknown[] };
  expect([type, payload.length]).toEqual(['error', 11]);
  socket.close();
});

it('keeps no long greeting', async () => {
  const socket = open();
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { junk: 'x'.repeat(5_000) } }));
  expect(((await once(socket, 'close')) as [number])[0]).toBe(4400);
});

it('says no long id again with each event', async () => {
  const socket = await greeted();
  socket.send(subscribe('x'.repeat(101)));
  expect(((await once(socket, 'close')) as [number])[0]).toBe(4400);
  expect(supergraph.streams()).toBe(0);
});

it('closes for what is nested too deep to be read', async () => {
  const socket = await greeted();
  socket.send(`{"type":"subscribe","id":"1","payload":${'['.repeat(45_000)}${']'.repeat(45_000)}}`);
  expect(((await once(socket, 'close')) as [number])[0]).toBe(4400);
});
