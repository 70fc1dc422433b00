import { once } from 'node:events';
import { createServer } from 'node:net';
import { ConfigError } from '../platform/process/config.ts';

/**
 * The port that a variable asks for, or the first free one from `preferred` on that is none of `given`, which others
 * will listen on soon. Throws when the one asked for is taken.
 */
export async function choosePort(
  variable: string,
  asked: string | undefined,
  host: string,
  preferred: number,
  given: ReadonlySet<number> = new Set(),
): Promise<number> {
  if (asked) {
    if (await isFree(Number(asked), host)) return Number(asked);
    throw new ConfigError(`${variable} ${asked} is in use by another program.`);
  }
  for (let port = preferred; port < preferred + 100; port++)
    if (!given.has(port) && (await isFree(port, host))) return port;
  throw new ConfigError(`No port from ${preferred} on is free: say one in ${variable}.`);
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return false;
    // A host that this machine does not have, or a port that is not for everybody.
    throw new ConfigError(`${host} port ${port} cannot be listened on: ${code}.`, { cause: err });
  }
  server.close();
  await once(server, 'close');
  return true;
}
