import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const host = '127.0.0.1';

/** Below those that systems give to outgoing connections, one of which could take it before it is listened on. */
const [LOWEST, HIGHEST] = [10_000, 32_767];

/** A port that nobody listens on and that is none of `taken`, nor likely to be another's choice at the same moment. */
export async function freePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

/** Whether an engine could listen on the port now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
