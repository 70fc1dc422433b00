import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A stream that somebody watches until it is closed. */
export interface Watched {
  events: Record<string, unknown>[];
  /** Why it ended by itself. */
  ended: unknown[];
  close(): Promise<void>;
}

/** @param field of the subscription, whose value is the event. */
export function watch(
  origin: string,
  token: string | undefined,
  field: string,
  query: string,
  variables: Record<string, unknown>,
): Watched {
  const client = createClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const watched: Watched = { events: [], ended: [], close: async () => await client.dispose() };
  const follow = async () => {
    for await (const { data, errors } of client.iterate<Record<string, Record<string, unknown>>>({
      query,
      variables,
    })) {
      if (errors) throw new Error(errors.map(({ message }) => message).join(' '));
      if (data?.[field]) watched.events.push(data[field]);
    }
  };
  follow().catch((err: unknown) => watched.ended.push(err));
  return watched;
}
