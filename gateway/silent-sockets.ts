import { connect } from 'node:net';

// For tests, run by `fork` with the port of a gateway, how many WebSockets to open there, and how many from each
// address. They say nothing: no `connection_init`, and no answer to a ping or a close. A process of its own has file
// descriptors and a loop of its own.

/** By what happened. */
type Counts = Record<string, number>;

/** What it sends: the one part once all were tried, the other once none is left. */
export interface Told {
  /** How many were answered with which status, 101 where it is open, or failed with which code. */
  opened?: Counts;
  /** How many of those that were open were closed with which code, or `none`. */
  closed?: Counts;
}

/** Fewer than wait for a server that is busy before the system refuses them. */
const AT_A_TIME = 200;

const [port = 0, count = 0, perAddress = 1] = process.argv.slice(2).map(Number);

const opened: Counts = {};
const closed: Counts = {};
const gone: Promise<void>[] = [];
const add = (counts: Counts, what: string) => void (counts[what] = (counts[what] ?? 0) + 1);

/** Resolves when it is open, or will not be. */
function open(address: string): Promise<void> {
  const tried = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  gone.push(left.promise);
  let got = Buffer.alloc(0);
  let status: string | null = null;
  let failure = 'closed';
  const answered = (how: string) => {
    status = how;
    add(opened, how);
    tried.resolve();
  };
  const connection = connect(port, '127.0.0.1');
  connection.write(
    [
      'GET /graphql HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      `x-forwarded-for: ${address}`,
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol: graphql-transport-ws',
      '\r\n',
    ].join('\r\n'),
  );
  connection.on('data', (chunk) => {
    got = Buffer.concat([got, chunk]);
    if (status === null && got.includes('\r\n\r\n')) answered(got.toString('latin1', 9, 12));
  });
  connection.on('error', (err) => (failure = 'code' in err ? String(err.code) : err.message));
  connection.on('close', () => {
    if (status === null) answered(failure);
    if (status === '101') add(closed, closeCodeIn(got.subarray(got.indexOf('\r\n\r\n') + 4)));
    left.resolve();
  });
  return tried.promise;
}

/** Of frames as a server sends them: without a mask, and here none as long as 126 bytes. */
function closeCodeIn(frames: Buffer): string {
  for (let at = 0; at + 1 < frames.length; at += 2 + frames.readUInt8(at + 1)) {
    const isClose = (frames.readUInt8(at) & 0xf) === 8;
    if (isClose) return String(frames.readUInt16BE(at + 2));
  }
  return 'none';
}

let next = 0;
async function openMore(): Promise<void> {
  while (next < count) {
    const network = Math.floor(next++ / perAddress);
    await open(`10.1.${network >> 8}.${network & 255}`);
  }
}

const tell = (told: Told) => process.send?.(told);
await Promise.all(Array.from({ length: AT_A_TIME }, openMore));
tell({ opened });
await Promise.all(gone);
tell({ closed });
