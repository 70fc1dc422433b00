import { expect, it } from '@jest/globals';
import { loadAddresses } from '../platform/process/addresses.ts';
import { loadGatewaySettings } from './config.ts';
import { startGateway } from './gateway.ts';
import { smallSupergraphSdl, startSmallSupergraph, testSessions } from './small-supergraph.ts';
import type { SubgraphSource } from './source.ts';

it('lets go of all that it opened when its port is taken', async () => {
  const first = await startSmallSupergraph('in process');
  let listeners = 0;
  const closed: string[] = [];
  const sourceFor = ({ name }: { name: string }): SubgraphSource => ({
    execute: async () => ({}),
    subscribe: () => () => undefined,
    ready: async () => undefined,
    close: async () => void closed.push(name),
  });
  const sessions = {
    ...testSessions(),
    onEnded: () => {
      listeners += 1;
      return () => {
        listeners -= 1;
      };
    },
  };
  const second = startGateway({
    supergraphSdl: smallSupergraphSdl(),
    sourceFor,
    sessions,
    addresses: { ...loadAddresses({}), port: Number(new URL(first.gateway.url).port) },
    settings: loadGatewaySettings({}),
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(listeners).toBe(0);
  expect(closed.toSorted()).toEqual(['timeline', 'user']);
  await first.stop();
});
