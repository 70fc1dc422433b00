import { isNativeError } from 'node:util/types';

/**
 * Thrown by a handler, or found under what it throws: something that it needs does not answer. Says nothing about the
 * event, so the event is tried again for as long as it takes.
 */
export class OutOfReach extends Error {
  override name = 'OutOfReach';
}

/**
 * Whether a failure tells of a dependency that is away rather than of the event: what Node, `pg`, `ioredis` and
 * `kafkajs` reject with while a server is down, starts, stops or has no room. Looks through `cause`.
 */
export function isOutOfReach(err: unknown): boolean {
  if (!isNativeError(err)) return false;
  const code = 'code' in err && typeof err.code === 'string' ? err.code : '';
  return (
    err instanceof OutOfReach ||
    isOutOfReachCode(code) ||
    NAMES.has(err.name) ||
    ('retriable' in err && err.retriable === true) ||
    MESSAGES.test(err.message) ||
    isOutOfReach(err.cause)
  );
}

/** The same by the code alone that Node or Postgres gave it. */
export const isOutOfReachCode = (code: string): boolean => NETWORK.has(code) || POSTGRES.test(code);

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** Connection exceptions, out of connections, shutting or starting, and a primary that became a replica. */
const POSTGRES = /^(08...|53300|57P0[1-5]|25006)$/;

const NAMES = new Set([
  'MaxRetriesPerRequestError',
  'ClusterAllFailedError',
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSNoBrokerAvailableError',
]);

/** Those that come without a code: from `pg`, `ioredis`, and Redis itself. */
const MESSAGES =
  /^(Connection terminated|Connection is closed|Query read timeout|Command timed out|timeout exceeded when trying to connect|Stream isn't writeable|LOADING |MASTERDOWN |CLUSTERDOWN |READONLY |TRYAGAIN |BUSY )/;
