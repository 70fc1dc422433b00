import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '../tests/until.ts';
import type { Told } from './silent-sockets.ts';
import { startSmallSupergraph } from './small-supergraph.ts';

const COUNT = 10_000;
const PER_ADDRESS = 50;
/** A few kilobytes are held of each while it is open; of those that are gone, next to nothing. */
const KEPT_OF_EACH = 1_000;
const WITHIN_MS = 240_000;

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;
function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

it(
  'bears 10,000 sockets that never say a word: serves others meanwhile, closes all of them, and keeps nothing',
  async () => {
    await using started = new AsyncDisposableStack();
    const { gateway, stop } = await startSmallSupergraph('in process', { TRUSTED_PROXIES: '127.0.0.1' });
    started.defer(stop);
    const { url, openSockets } = gateway;

    const ask = async () => {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ entry(cursor: \\"a\\") { cursor } }"}',
      });
      const { data } = (await answer.json()) as { data: unknown };
      return JSON.stringify(data);
    };
    /** What a client is told that behaves, at an address that the others have, too. */
    const greet = async () => {
      const headers = { 'x-forwarded-for': '10.1.0.1' };
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers,
      });
      await once(socket, 'open');
      const answered = once(socket, 'message') as Promise<[Buffer]>;
      socket.send('{"type":"connection_init"}');
      const [answer] = await answered;
      socket.close();
      await once(socket, 'close');
      return answer.toString();
    };
    expect(await greet()).toBe('{"type":"connection_ack"}');
    await ask();
    const before = heapUsed();

    const told: Told = {};
    const args = [new URL(url).port, COUNT, PER_ADDRESS].map(String);
    const silent = fork(join(import.meta.dirname, 'silent-sockets.ts'), args);
    started.defer(() => void silent.kill());
    silent.on('message', (more: Told) => Object.assign(told, more));

    const answers = new Set<string>();
    await until(
      'all were tried',
      async () => {
        answers.add(await ask().catch(String));
        return told.opened !== undefined || !silent.connected;
      },
      WITHIN_MS,
    );
    // On a slow machine the first are closed before the last come, so not all need be open now.
    expect(told.opened).toEqual({ '101': COUNT });
    expect(await greet()).toBe('{"type":"connection_ack"}');
    expect([...answers.add(await ask())]).toEqual(['{"entry":{"cursor":"a"}}']);

    await until('all are closed', () => told.closed !== undefined || !silent.connected, WITHIN_MS);
    expect(told.closed).toEqual({ '4408': COUNT });
    await until('none is left', () => openSockets() === 0);
    expect(await greet()).toBe('{"type":"connection_ack"}');
    expect(heapUsed() - before).toBeLessThan(COUNT * KEPT_OF_EACH);
  },
  WITHIN_MS,
);
