import type { Observable } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import { begun, live, received, type Live, type LiveStatus } from './live-events.ts';

export interface Subscribed {
  query: string;
  operationName?: string | null | undefined;
  variables: Record<string, unknown>;
}

/** Observers may be functions as well; GraphiQL's are not. */
const NOBODY = { next: () => undefined, error: () => undefined, complete: () => undefined };

/** Who asks may not: asking again would get the same answer. Others that are final are known to graphql-ws. */
const FORBIDDEN = 4403;

/**
 * A subscription on a socket of its own, so that it is signed in as whoever is now. Its events go to `live` and to the
 * observer. It comes back by itself, behind the last event where the operation has a variable `$after`.
 */
export const followLive = (
  url: string,
  { query, operationName, variables }: Subscribed,
  headers: Record<string, string>,
): Observable<object> => ({
  subscribe: (observer) => {
    const { next, error, complete } = typeof observer === 'object' ? observer : NOBODY;
    live.set(begun(operationName ?? 'Subscription'));
    let over = false;
    const change = (to: (state: Live) => Live) => {
      const state = live.get();
      if (!over && state !== null) live.set(to(state));
    };
    const become = (status: LiveStatus, reason: string | null = null) =>
      change((state) => ({ ...state, status, reason }));
    const end = (status: LiveStatus, reason: string | null = null) => {
      become(status, reason);
      over = true;
      void client.dispose();
    };

    const client = createClient({
      url,
      connectionParams: headers,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: (event) => (event as CloseEvent).code !== FORBIDDEN,
      on: {
        connected: () => become('live'),
        closed: () => become('reconnecting'),
      },
    });
    let after = variables['after'];
    client.subscribe<Record<string, { cursor?: unknown } | null>>(
      {
        query,
        operationName,
        // Read anew by every socket.
        get variables() {
          return after === undefined ? variables : { ...variables, after };
        },
      },
      {
        next: (result) => {
          const cursor = Object.values(result.data ?? {})[0]?.cursor;
          if (typeof cursor === 'string' && /\$after\b/.test(query)) after = cursor;
          change((state) => received(state, result, Date.now()));
          next(result);
        },
        error: (problem) => {
          end('failed', wordsOf(problem));
          error(problem);
        },
        complete: () => {
          end('ended');
          complete();
        },
      },
    );
    return { unsubscribe: () => end('stopped') };
  },
});

/** An error of GraphQL, a socket that was closed for good, or one that never opened. */
function wordsOf(problem: unknown): string {
  if (Array.isArray(problem)) return problem.map(({ message }: { message: string }) => message).join(' ');
  const { reason, message } = problem as { reason?: string; message?: string };
  return reason || message || 'The server closed the stream.';
}
