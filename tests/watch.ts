import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A subscription that is read as fast as it tells. */
export interface Watch<Event> {
  /** All that came, in order. */
  events: Event[];
  /** Resolves when it has ended, with the reason if it broke. */
  ended: Promise<unknown>;
  close(): Promise<void>;
}

/**
 * @param field of the subscription whose events are taken.
 * @param token null: signed out.
 */
export function watch<Event>(
  origin: string,
  token: string | null,
  field: string,
  query: string,
  variables: Record<string, unknown>,
): Watch<Event> {
  const client = createClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const events: Event[] = [];
  const run = async () => {
    for await (const { data, errors } of client.iterate<Record<string, Event>>({ query, variables })) {
      if (errors) throw new Error(JSON.stringify(errors));
      const event = data?.[field];
      if (event !== undefined) events.push(event);
    }
  };
  return {
    events,
    ended: run().catch((err: unknown) => err),
    close: async () => {
      await client.dispose();
    },
  };
}
