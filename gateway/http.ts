import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { BodyTooLarge, answerUnread, readBody, urlOf } from '../platform/http.ts';
import type { ErrorCode } from '../subgraphs/errors.ts';
import { BODY_LIMIT } from './limits.ts';
import type { Operations } from './operations.ts';
import { unknownDocument, type PersistedOperations } from './persisted-operations.ts';
import type { Visitors } from './visitor.ts';

/** How long a browser may remember what `OPTIONS` said. */
const PREFLIGHT_S = 600;

const METHODS = new Set(['GET', 'HEAD', 'POST']);

const TOLD_TO_PAGES = 'ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after';

/** GraphQL over HTTP: operations by POST in JSON, queries also by GET. */
export function createHttpEndpoint({
  operations,
  persisted,
  visitors,
  allowedOrigins,
}: {
  operations: Operations;
  persisted: PersistedOperations;
  visitors: Visitors;
  allowedOrigins: readonly string[];
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    allowOrigin(request, response, allowedOrigins);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (!METHODS.has(request.method ?? '')) {
      response.setHeader('allow', [...METHODS, 'OPTIONS'].join(', '));
      return refuse(response, 405, 'BAD_USER_INPUT', 'Operations are sent by POST, queries by GET too.');
    }
    const body = await bodyOf(request, response);
    if (body === REFUSED) return;
    const said = withText(persisted, request, body);
    if (said === null) {
      const { message } = unknownDocument();
      return refuse(response, 404, 'NOT_FOUND', message);
    }

    const { answer, cookies } = await operations.overHttp(
      { method: request.method ?? 'GET', headers: headersOf(request), ...said },
      async (set) => {
        const visitor = await visitors.of(request);
        if (visitor.clearCookie !== null) set.push(visitor.clearCookie);
        return visitors.callerOf(visitor);
      },
    );
    // The last of one name counts, so a cookie that is set comes after the one that is taken away.
    if (cookies.length > 0) response.setHeader('set-cookie', cookies);
    await write(response, answer);
  };
}

function allowOrigin(request: IncomingMessage, response: ServerResponse, allowed: readonly string[]): void {
  const { origin } = request.headers;
  response.setHeader('vary', 'Origin');
  if (origin === undefined || !allowed.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', TOLD_TO_PAGES);
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, POST');
  response.setHeader(
    'access-control-allow-headers',
    'content-type, authorization, apollo-require-preflight, x-apollo-operation-name',
  );
  response.setHeader('access-control-max-age', PREFLIGHT_S);
}

/** What is asked, in words: an operation may be named by its `documentId`. Null when nobody knows it. */
function withText(
  persisted: PersistedOperations,
  request: IncomingMessage,
  body: unknown,
): { search: string; body: unknown } | null {
  const { search, searchParams } = urlOf(request);
  if (request.method === 'POST') {
    if (!isNamedById(body)) return { search, body };
    const query = persisted.textOf(body.documentId);
    return query === undefined ? null : { search, body: { ...body, query } };
  }
  const documentId = searchParams.get('documentId');
  if (documentId === null || searchParams.has('query')) return { search, body };
  const query = persisted.textOf(documentId);
  if (query === undefined) return null;
  searchParams.set('query', query);
  return { search: `?${searchParams.toString()}`, body };
}

const isNamedById = (body: unknown): body is { documentId: string } =>
  typeof body === 'object' &&
  body !== null &&
  !('query' in body) &&
  'documentId' in body &&
  typeof body.documentId === 'string';

const REFUSED = Symbol('answered already');

/** What a request says in JSON. Undefined when it says nothing or in another form: Apollo has the words for that. */
async function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  if (request.method !== 'POST') return undefined;
  try {
    const text = await readBody(request, BODY_LIMIT);
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    return isJson ? JSON.parse(text) : undefined;
  } catch (err) {
    if (err instanceof BodyTooLarge) {
      const text = errorText('BAD_USER_INPUT', `A request has at most ${BODY_LIMIT / 1000} kB.`);
      answerUnread(response, 413, JSON_TYPE, text);
    } else if (err instanceof SyntaxError) {
      refuse(response, 400, 'BAD_USER_INPUT', 'The body is not JSON.');
    } else {
      // The client went away.
      response.destroy();
    }
    return REFUSED;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

const errorText = (code: ErrorCode, message: string): string =>
  `${JSON.stringify({ errors: [{ message, extensions: { code } }] })}\n`;

/** Answers with one error, in the form of a GraphQL response. */
export function refuse(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  response
    .writeHead(status, { 'content-type': JSON_TYPE, 'cache-control': 'no-store' })
    .end(errorText(code, message));
}

/** Sends a browser on, without telling the next page where it came from: a token may be in the address. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end();
}

function headersOf({ headers }: IncomingMessage): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

async function write(
  response: ServerResponse,
  { status, headers, body }: HTTPGraphQLResponse,
): Promise<void> {
  if (body.kind !== 'complete') throw new Error('Answers in parts are not asked for.');
  response.setHeaders(headers);
  response.setHeader('cache-control', 'no-store');
  response.writeHead(status ?? 200).end(body.string);
}
