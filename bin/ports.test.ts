import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { choosePort } from './ports.ts';

it('refuses a taken port that was asked for, and goes on from one that was not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await expect(choosePort('PORT', String(port), '127.0.0.1', 4000)).rejects.toThrow(
      `PORT ${port} is in use`,
    );
    expect(await choosePort('PORT', undefined, '127.0.0.1', port)).toBeGreaterThan(port);
  } finally {
    server.close();
  }
});
