import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { freePort } from '../engines/ports.ts';

/** A way to Redis or Postgres that tests can close: a port that refuses, until it is opened. */
export interface Detour {
  /** Leads to the same server as the URL that it was made for. */
  url: string;
  open(): Promise<unknown>;
  close(): Promise<void>;
  /** Lets nothing through, and says nothing. */
  freeze(): void;
  thaw(): void;
}

export async function detourTo(serverUrl: string): Promise<Detour> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection(Number(port), hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  const own = await freePort([]);
  // The same password as without the detour.
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${own}`;
  return {
    url: url.href,
    open: () => once(server.listen(own, '127.0.0.1'), 'listening'),
    close,
    freeze: () => sockets.forEach((socket) => socket.pause()),
    thaw: () => sockets.forEach((socket) => socket.resume()),
  };
}
