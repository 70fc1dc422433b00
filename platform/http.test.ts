import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeGently, listen } from './http.ts';

it('closes a server when its last request is answered, though the client would keep the connection', async () => {
  const server = createServer();
  const origin = await listen(server, '127.0.0.1', 0);
  const agent = new Agent({ keepAlive: true });
  const asked = get(origin, { agent });
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];

  const closed = closeGently(server);
  response.end('answered');
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(200);
  await closed;
  agent.destroy();
});
