import { ApolloLink, Observable } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { print } from 'graphql';
import { createClient, type Client, type FormattedExecutionResult, type SubscribePayload } from 'graphql-ws';
import { documentIdOf } from './persisted.ts';

/** `live`: connected. `reconnecting`: trying again. `offline`: this machine has no network. */
export type SocketStatus = 'live' | 'reconnecting' | 'offline';

/** The one socket of a tab. It opens with the first subscription, and from then on always comes back. */
export interface Socket {
  /** Ends an Apollo client's chain for subscriptions. */
  link: ApolloLink;
  status(): SocketStatus;
  /** @returns what ends it. In the form of `useSyncExternalStore`. */
  onStatus(changed: () => void): () => void;
  close(): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that died without a word is known to be dead after a ping and this. */
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
/** From one page to the next nobody may be subscribed for a moment. */
const CLOSE_IDLE_AFTER_MS = 3_000;

/** @param network tells when this machine goes on and off the network. */
export function createSocket(url: string, network: EventTarget & { navigator: { onLine: boolean } }): Socket {
  let status: SocketStatus = network.navigator.onLine ? 'live' : 'offline';
  const pauses = new Set<() => void>();
  const endPauses = () => {
    for (const endPause of pauses) endPause();
  };
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();
  const become = (next: SocketStatus) => {
    if (next === status) return;
    status = next;
    for (const changed of listeners) changed();
  };

  /** Half as long again by chance, so that all clients of a restarted gateway do not come at once. */
  const pause = (tries: number): Promise<void> => {
    const ms = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS / 1.5) * (1 + Math.random() / 2);
    const { promise, resolve } = Promise.withResolvers<void>();
    const endPause = () => {
      clearTimeout(timer);
      pauses.delete(endPause);
      resolve();
    };
    const timer = setTimeout(endPause, ms);
    pauses.add(endPause);
    return promise;
  };

  const client = createClient({
    url,
    lazyCloseTimeout: CLOSE_IDLE_AFTER_MS,
    keepAlive: PING_EVERY_MS,
    connectionAckWaitTimeout: PONG_WITHIN_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: pause,
    shouldRetry: () => true,
    on: {
      connected: () => become('live'),
      closed: (event) => {
        clearTimeout(pongTimer);
        // Closed by us, since nobody is subscribed any more.
        if ((event as CloseEvent).code === 1000) return;
        become(network.navigator.onLine ? 'reconnecting' : 'offline');
      },
      ping: (received) => {
        if (!received) pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: () => clearTimeout(pongTimer),
    },
  });

  const wentOffline = () => {
    become('offline');
    // Its packets go nowhere; no one will tell us so for minutes.
    client.terminate();
  };
  const cameOnline = () => {
    if (status === 'offline') become('reconnecting');
    endPauses();
  };
  network.addEventListener('offline', wentOffline);
  network.addEventListener('online', cameOnline);

  return {
    link: linkOver(client, pause),
    status: () => status,
    onStatus: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    close: () => {
      network.removeEventListener('offline', wentOffline);
      network.removeEventListener('online', cameOnline);
      endPauses();
      void client.dispose();
    },
  };
}

/**
 * Subscriptions that outlive their sockets: each begins again behind the last event it gave, whose `cursor` becomes
 * the variable `after`. What the server refuses for now is asked again; an answer that will stay is the subscriber's.
 */
const linkOver = (client: Client, pause: (tries: number) => Promise<void>): ApolloLink =>
  new ApolloLink(
    ({ query, variables, operationName = '' }) =>
      new Observable<ApolloLink.Result>((subscriber) => {
        let after: unknown = variables['after'];
        let tries = 0;
        let documentId = documentIdOf(query);
        let end = () => {};
        const again = async () => {
          await pause(tries++);
          if (!subscriber.closed) begin();
        };

        const begin = () => {
          let goesOn = true;
          const operation: SubscribePayload & { documentId: string | undefined } = {
            query: documentId === undefined ? print(query) : '',
            documentId,
            operationName,
            // Read anew by every socket.
            get variables() {
              return { ...variables, ...(after !== undefined && { after }) };
            },
          };
          end = client.subscribe<Record<string, unknown>, Record<string, unknown>>(operation, {
            next: (result) => {
              if (isForNow(result)) {
                goesOn = false;
                end();
                void again();
                return;
              }
              tries = 0;
              after = cursorOf(result) ?? after;
              subscriber.next(result as ApolloLink.Result);
            },
            error: (err) => {
              if (Array.isArray(err)) {
                const result = { errors: err };
                if (documentId !== undefined && isUnknown(result)) {
                  // This gateway is older than the client, or newer.
                  documentId = undefined;
                  begin();
                } else if (isForNow(result)) void again();
                else subscriber.error(new CombinedGraphQLErrors(result));
              } else {
                // A close that the protocol calls final; the next socket may fare better.
                void again();
              }
            },
            complete: () => {
              // A stream has no end of its own: who ended it was going away.
              if (goesOn && !subscriber.closed) void again();
            },
          });
        };

        begin();
        return () => end();
      }),
  );

type Result = FormattedExecutionResult;

const forNow = new Set(['UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR']);

/** Whether this is no event at all but a failure that will pass. */
const isForNow = ({ data, errors = [] }: Pick<Result, 'data' | 'errors'>): boolean =>
  rootOf(data) === null && errors.some(({ extensions }) => forNow.has(String(extensions?.['code'])));

const isUnknown = ({ errors = [] }: Pick<Result, 'errors'>): boolean =>
  errors.some(({ extensions }) => extensions?.['code'] === 'NOT_FOUND');

const rootOf = (data: Record<string, unknown> | null | undefined): unknown =>
  Object.values(data ?? {}).find((value) => typeof value === 'object') ?? null;

function cursorOf({ data }: Result): unknown {
  const event = rootOf(data) as { cursor?: unknown } | null;
  return event?.cursor;
}
