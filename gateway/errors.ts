import type { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { createLog } from '../platform/process/log.ts';
import type { ErrorCode } from '../subgraphs/errors.ts';

const log = createLog('gateway');

const codes: Record<ErrorCode, true> = {
  UNAUTHENTICATED: true,
  FORBIDDEN: true,
  BAD_USER_INPUT: true,
  NOT_FOUND: true,
  CONFLICT: true,
  RATE_LIMITED: true,
  TIMEOUT: true,
  UNAVAILABLE: true,
  INTERNAL_SERVER_ERROR: true,
};

/** What Apollo calls the ways in which a request can be wrong. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * An error as it leaves: its code is one of `ErrorCode`, and nothing in it names a subgraph. What no subgraph said and
 * has no code is a fault of ours: logged whole, and told without its words.
 */
export function outgoingError(error: unknown): GraphQLFormattedError {
  const known = error instanceof GraphQLError ? error : null;
  const { message, path, locations, extensions } = known?.toJSON() ?? { message: '' };
  // Kept to ourselves: who said it, and what Apollo reads to choose the response's status.
  const {
    code: said,
    serviceName,
    http,
    stacktrace: _stack,
    exception: _exception,
    ...told
  } = extensions ?? {};
  const code = codeOf(said, http);
  const place = { ...(locations && { locations }), ...(path && { path }) };
  if (code !== 'INTERNAL_SERVER_ERROR' || serviceName !== undefined) {
    return { message, ...place, extensions: { ...told, code } };
  }
  log.error({ err: error }, 'operation failed');
  return { message: 'Something went wrong on our side.', ...place, extensions: { code } };
}

/** @param http what Apollo answers with: some of what it refuses has a status and no code. */
function codeOf(said: unknown, http: unknown): ErrorCode {
  if (isCode(said)) return said;
  const isRequestFault = REQUEST_FAULTS.has(String(said)) || (said === undefined && isBadRequest(http));
  return isRequestFault ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
}

const isBadRequest = (http: unknown): boolean =>
  typeof http === 'object' && http !== null && 'status' in http && http.status === 400;

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(codes, code);

/** Apollo answers with this status and these headers when the whole request fails. */
export const withStatus = (error: GraphQLError, status: number, headers?: HeaderMap): GraphQLError =>
  new GraphQLError(error.message, {
    extensions: { ...error.extensions, http: { status, ...(headers && { headers }) } },
  });
