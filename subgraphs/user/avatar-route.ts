import type { IncomingMessage, ServerResponse } from 'node:http';
import { isId } from '../../platform/ids.ts';
import { avatarSvg } from './avatar.ts';

/** Answers `GET /avatars/<id>.svg`. The picture is drawn from the id alone, so it may be kept for good. */
export function serveAvatar(request: IncomingMessage, response: ServerResponse): void {
  const [, id] = /^\/avatars\/(\d+)\.svg$/.exec(new URL(request.url ?? '/', 'http://roost').pathname) ?? [];
  if (id === undefined || !isId(id)) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such picture.\n');
    return;
  }
  response.writeHead(200, {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=31536000, immutable',
    // A picture and nothing else, also when somebody opens it as a page.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : avatarSvg(id));
}
