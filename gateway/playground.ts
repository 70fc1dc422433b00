import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { urlOf } from '../platform/http.ts';

const BUILT = join(import.meta.dirname, 'playground/dist');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Its editor writes styles into the page. Nothing comes from, or goes to, another host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const DAY_S = 86_400;

/** Whether a GET of `/graphql` is a person looking, and not an operation. */
export const wantsPlayground = (request: IncomingMessage): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !['query', 'documentId'].some((name) => urlOf(request).searchParams.has(name)) &&
  /\btext\/html\b/.test(request.headers.accept ?? '');

/**
 * Serves a file of the built playground: `index.html`, `demo.html`, or what lies under `/playground/`.
 * @returns false when there is no such file; then nothing was answered.
 */
export async function servePlayground(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
): Promise<boolean> {
  const type = TYPES[extname(file)];
  // One flat folder: a name with anything else in it is none of ours.
  if (type === undefined || !/^[\w-]+(\.[\w-]+)*$/.test(file)) return false;
  const plain = await statOf(join(BUILT, file));
  if (plain === null) return false;
  // Compressed when it was built.
  const zipped = acceptsGzip(request) ? await statOf(join(BUILT, `${file}.gz`)) : null;
  const { path, size, mtimeMs } = zipped ?? plain;
  const etag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
  response.setHeaders(
    new Map([
      ['content-type', type],
      ['content-security-policy', POLICY],
      ['x-content-type-options', 'nosniff'],
      ['referrer-policy', 'no-referrer'],
      ['etag', etag],
      ['vary', 'accept-encoding'],
      ...(zipped === null ? [] : [['content-encoding', 'gzip'] as const]),
      // What its bundler named by its content never changes.
      ['cache-control', /-[A-Z0-9]{8}\./.test(file) ? `max-age=${365 * DAY_S}, immutable` : 'no-cache'],
    ]),
  );
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
  } else if (request.method === 'HEAD') {
    response.writeHead(200, { 'content-length': size }).end();
  } else {
    response.writeHead(200, { 'content-length': size });
    // A browser that leaves half-way is no fault.
    await pipeline(createReadStream(path), response).catch(() => undefined);
  }
  return true;
}

const acceptsGzip = (request: IncomingMessage): boolean =>
  /\bgzip\b(?!;\s*q=0(?:\.0+)?\b)/.test(request.headers['accept-encoding']?.toString() ?? '');

/** Null when there is no such file. */
async function statOf(path: string): Promise<{ path: string; size: number; mtimeMs: number } | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? { path, size: found.size, mtimeMs: found.mtimeMs } : null;
}
