import { once } from 'node:events';
import { createServer } from 'node:net';

const host = '127.0.0.1';

/** A port that the kernel gives and that is none of `taken`. */
export async function freePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = await listen(0);
    if (port !== null && !taken.includes(port)) return port;
  }
}

/** Whether an engine could listen on the port now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== null;
}

async function listen(wanted: number): Promise<number | null> {
  const server = createServer().listen(wanted, host);
  try {
    await once(server, 'listening');
  } catch {
    return null;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : null;
}
