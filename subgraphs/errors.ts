import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { isOutOfReach, isOutOfReachCode } from '../platform/messaging/out-of-reach.ts';

/** Every code that leaves Roost, in `extensions.code` and in `UserError.code`. The schemas' `ErrorCode` lists the same. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'TIMEOUT'
  | 'UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** What an input broke: the schemas' `ValidationConstraint`. */
export type ValidationConstraint =
  | 'REQUIRED'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'MALFORMED'
  | 'TAKEN'
  | 'RESERVED'
  | 'CONFUSABLE'
  | 'TOO_COMMON'
  | 'NOT_ALLOWED';

// Errors: what a person cannot act on. Thrown.

const coded =
  (code: ErrorCode) =>
  (message: string, extensions: Record<string, unknown> = {}) =>
    new GraphQLError(message, { extensions: { ...extensions, code } });

export const badUserInput = coded('BAD_USER_INPUT');
export const unavailable = coded('UNAVAILABLE');
/** @param retryAfterMs milliseconds until it may be tried again. */
export const rateLimited = (retryAfterMs: number) =>
  coded('RATE_LIMITED')('Too much too fast. Try again a little later.', { retryAfterMs });
export const unauthenticated = () => coded('UNAUTHENTICATED')('Sign in first.');

// Refusals: what a person can act on. Returned in a payload's `errors`.

interface Refusal<Name extends string> {
  __typename: Name;
  code: ErrorCode;
  /** A sentence fit to show. */
  message: string;
  /** Path within `input`; null when it concerns the whole. */
  field: string[] | null;
}

export interface ValidationRefusal extends Refusal<'ValidationError'> {
  constraint: ValidationConstraint;
  limit: number | null;
}

export const invalid = (
  field: string[] | null,
  constraint: ValidationConstraint,
  message: string,
  limit: number | null = null,
): ValidationRefusal => ({
  __typename: 'ValidationError',
  code: 'BAD_USER_INPUT',
  message,
  field,
  constraint,
  limit,
});

export type NotFoundRefusal = Refusal<'NotFoundError'>;
export const notFound = (field: string[], message: string): NotFoundRefusal => ({
  __typename: 'NotFoundError',
  code: 'NOT_FOUND',
  message,
  field,
});

export type ForbiddenRefusal = Refusal<'ForbiddenError'>;
export const forbidden = (field: string[] | null, message: string): ForbiddenRefusal => ({
  __typename: 'ForbiddenError',
  code: 'FORBIDDEN',
  message,
  field,
});

export interface RateLimitedRefusal extends Refusal<'RateLimitedError'> {
  retryAfterMs: number;
}

/** @param retryAfterMs milliseconds until it may be tried again. */
export const tooOften = (retryAfterMs: number): RateLimitedRefusal => ({
  __typename: 'RateLimitedError',
  code: 'RATE_LIMITED',
  message: `Too often. Try again in ${inWords(retryAfterMs)}.`,
  field: null,
  retryAfterMs,
});

function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
}

/** Prisma's: server not reached, too slow to answer, connection closed, no connection free in time. */
const PRISMA = new Set(['P1001', 'P1002', 'P1017', 'P2024']);

interface PrismaError {
  code?: unknown;
  /** What the driver under it said. */
  meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
}

/** Worth another try, unlike a fault of ours. */
const isAway = (cause: Error): boolean => {
  const { code, meta } = cause as Error & PrismaError;
  return (
    isOutOfReach(cause) ||
    PRISMA.has(String(code)) ||
    isOutOfReachCode(String(meta?.driverAdapterError?.cause?.originalCode)) ||
    // Prisma puts words of its own before the driver's.
    /timeout exceeded when trying to connect|Connection terminated/.test(cause.message)
  );
};

/**
 * What may leave of an error that a resolver threw. One with a code of ours leaves as it is; one of graphql's own
 * (a bad variable, say) too; all else is logged whole and leaves without its words.
 */
export function clientError(error: GraphQLError, log: Logger): GraphQLError {
  const cause = error.originalError;
  if (typeof error.extensions['code'] === 'string' || cause === undefined || cause === null) return error;
  const { nodes, source, positions, path } = error;
  const place = {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
  };
  if (isAway(cause)) {
    log.warn({ err: cause, path }, 'out of reach');
    return new GraphQLError('A part of the service is out of reach. Try again shortly.', {
      ...place,
      extensions: { code: 'UNAVAILABLE' },
    });
  }
  log.error({ err: cause, path }, 'unexpected error');
  return new GraphQLError('Something went wrong on our side.', {
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
}
