import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createLog } from '../platform/process/log.ts';
import { ASSERTION_HEADER, signAssertion } from '../subgraphs/assertion.ts';
import type { Caller } from '../subgraphs/viewer.ts';
import { outOfReach, timeout, type SubgraphSource } from './source.ts';

export interface RemoteSubgraph {
  name: string;
  /** Where it takes operations; its sockets are at the same path, its health at `/health/ready` beside it. */
  url: string;
  /** Null for a subgraph that is not ours: it is told nothing about who asks. */
  assertionKey: string | null;
}

const log = createLog('gateway');

/** Whoever asks has given up by then; one that is frozen would keep the question open for minutes. */
const READY_WITHIN_MS = 5_000;

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});

/** Asks a subgraph over HTTP, and for streams over WebSocket: one socket per session that has any. */
export function remoteSource({ name, url, assertionKey }: RemoteSubgraph): SubgraphSource {
  const clients = new Map<string, Client>();

  function clientFor(caller: Caller): Client {
    const key = `${caller.viewer?.sessionId ?? ''} ${caller.address}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      // A stream that broke is told to its client, which knows where to resume.
      retryAttempts: 0,
      keepAlive: 10_000,
      connectionAckWaitTimeout: 10_000,
      connectionParams: () =>
        assertionKey === null
          ? {}
          : { assertion: signAssertion(assertionKey, name, caller, 'connection_init') },
      on: { closed: () => void (clients.get(key) === client && clients.delete(key)) },
    });
    clients.set(key, client);
    return client;
  }

  return {
    execute: async (operation, { caller, signal, setCookie }) => {
      const body = JSON.stringify(operation);
      const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
      if (assertionKey !== null)
        headers.set(ASSERTION_HEADER, signAssertion(assertionKey, name, caller, body));
      try {
        const response = await fetch(url, { method: 'POST', body, headers, signal });
        for (const cookie of response.headers.getSetCookie()) setCookie(cookie);
        if (response.status === 401) throw new Error('it refuses our assertion');
        return answerShape.parse(await response.json()) as FormattedExecutionResult;
      } catch (err) {
        if (signal.aborted) return { errors: [timeout().toJSON()] };
        log.warn({ err, subgraph: name }, 'subgraph out of reach');
        return { errors: [outOfReach().toJSON()] };
      }
    },

    subscribe: (operation, { caller }, sink) => {
      let stopped = false;
      const end = (errors: readonly GraphQLFormattedError[] | null) => {
        if (stopped) return;
        stopped = true;
        sink.end(errors);
      };
      const stop = clientFor(caller).subscribe(
        { ...operation, operationName: operation.operationName ?? null },
        {
          next: (event) => {
            if (!stopped) sink.next(event as FormattedExecutionResult);
          },
          error: (err) => {
            if (Array.isArray(err)) return end(err as GraphQLFormattedError[]);
            log.warn({ err, subgraph: name }, 'stream broke');
            end([outOfReach().toJSON()]);
          },
          complete: () => end(null),
        },
      );
      return () => {
        stopped = true;
        stop();
      };
    },

    ready: async () => {
      if (assertionKey === null) return;
      const response = await fetch(new URL('/health/ready', url), {
        signal: AbortSignal.timeout(READY_WITHIN_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${name} is not ready`);
    },

    close: async () => {
      for (const client of clients.values()) await client.dispose();
    },
  };
}
