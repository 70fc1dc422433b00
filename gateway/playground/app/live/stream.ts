import { createClient } from 'graphql-ws';
import {
  begun,
  cameBack,
  changeStream,
  chosenStream,
  isOver,
  received,
  streams,
  type Live,
  type LiveStatus,
} from './live-events.ts';

export interface Subscribed {
  query: string;
  operationName?: string | null | undefined;
  variables: Record<string, unknown>;
}

/** Who asks may not: asking again would get the same answer. Others that are final are known to graphql-ws. */
const FORBIDDEN = 4403;

/** graphql-ws itself waits twice as long each time, for hours in the end. */
const LONGEST_WAIT_MS = 8_000;

const stops = new Map<number, () => void>();
let begunSoFar = 0;

/** The stream of a tab that is not over; a tab has one at a time. */
export const streamOf = (tab: string): Live | undefined =>
  streams.get().find((stream) => stream.tab === tab && !isOver(stream));

export const stopStream = (id: number): void => stops.get(id)?.();

/** Stops it if it runs, and no longer shows it. */
export function closeStream(id: number): void {
  stopStream(id);
  streams.set(streams.get().filter((stream) => stream.id !== id));
  if (chosenStream.get() === id) chosenStream.set(streams.get().at(-1)?.id ?? null);
}

/**
 * A subscription on a socket of its own, so that it is signed in as whoever is now. Its events go to `streams`, in the
 * place of those of the tab's last one. It comes back by itself, behind the last event where the operation has a
 * variable `$after`.
 */
export function startStream(
  tab: string,
  url: string,
  { query, operationName, variables }: Subscribed,
  headers: Record<string, string>,
): void {
  for (const stream of streams.get()) if (stream.tab === tab) closeStream(stream.id);
  const id = (begunSoFar += 1);
  streams.set([...streams.get(), begun(id, tab, operationName ?? 'Subscription')]);
  chosenStream.set(id);

  const become = (status: LiveStatus, reason: string | null = null) =>
    changeStream(id, (state) => (isOver(state) ? state : { ...state, status, reason }));
  const end = (status: LiveStatus, reason: string | null = null) => {
    become(status, reason);
    stops.delete(id);
    void client.dispose();
  };
  let after = variables['after'];
  let lostAt: number | null = null;

  const client = createClient({
    url,
    connectionParams: headers,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => {
      const longest = Math.min(500 * 2 ** retries, LONGEST_WAIT_MS);
      return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
    },
    shouldRetry: (event) => (event as CloseEvent).code !== FORBIDDEN,
    on: {
      connected: () => {
        become('live');
        if (lostAt === null) return;
        const [now, away, resumed] = [Date.now(), Date.now() - lostAt, after !== undefined];
        changeStream(id, (state) => cameBack(state, now, away, resumed));
        lostAt = null;
      },
      closed: () => {
        lostAt ??= Date.now();
        become('reconnecting');
      },
    },
  });
  stops.set(id, () => end('stopped'));
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
        changeStream(id, (state) => (isOver(state) ? state : received(state, result, Date.now())));
      },
      error: (problem) => end('failed', wordsOf(problem)),
      complete: () => end('ended'),
    },
  );
}

/** An error of GraphQL, a socket that was closed for good, or one that never opened. */
function wordsOf(problem: unknown): string {
  if (Array.isArray(problem)) return problem.map(({ message }: { message: string }) => message).join(' ');
  const { reason, message } = problem as { reason?: string; message?: string };
  return reason || message || 'The server closed the stream.';
}
