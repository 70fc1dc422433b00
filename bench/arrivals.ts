import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { HttpClient } from './http-client.ts';
import { HOME, HOME_LIVE } from './operations.ts';

const ARRIVES_WITHIN_MS = 15_000;

/** A live home timeline, and when something came on it. */
export interface Arrivals {
  /** When the tweet with this text arrived, by `performance.now()`; to be asked for before it is posted. */
  of(text: string): Promise<number>;
  close(): Promise<void>;
}

/** What is posted from now on arrives: the stream begins where the timeline was just read. */
export async function openArrivals(origin: string, http: HttpClient, token: string): Promise<Arrivals> {
  const answer = await http.ask({ query: HOME }, token);
  const { data } = JSON.parse(answer) as { data: { homeTimeline: { liveCursor: string } } };
  const expected = new Map<string, PromiseWithResolvers<number>>();
  const fail = (cause: unknown) => {
    for (const { reject } of expected.values()) reject(new Error('The stream ended', { cause }));
  };
  const client = createClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  client.subscribe<{ homeTimeline: { edges?: { node: { text: string } | null }[] } }>(
    { query: HOME_LIVE, variables: { after: data.homeTimeline.liveCursor } },
    {
      next: (event) => {
        const atMs = performance.now();
        for (const { node } of event.data?.homeTimeline.edges ?? [])
          expected.get(node?.text ?? '')?.resolve(atMs);
      },
      error: fail,
      complete: () => fail('completed'),
    },
  );
  return {
    of: async (text) => {
      const arrival = Promise.withResolvers<number>();
      expected.set(text, arrival);
      const timer = setTimeout(() => arrival.reject(new Error('A post did not arrive')), ARRIVES_WITHIN_MS);
      try {
        return await arrival.promise;
      } finally {
        clearTimeout(timer);
        expected.delete(text);
      }
    },
    close: async () => {
      await client.dispose();
    },
  };
}
