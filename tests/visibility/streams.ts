import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A stream that somebody watches until it is closed. */
export interface Watched {
  events: Record<string, unknown>[];
  /** Whether it told of something. Throws when it ended by itself. */
  heard(id: string): boolean;
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
  const events: Watched['events'] = [];
  let ended: unknown;
  const follow = async () => {
    for await (const { data, errors } of client.iterate<Record<string, Record<string, unknown>>>({
      query,
      variables,
    })) {
      if (errors) throw new Error(errors.map(({ message }) => message).join(' '));
      if (data?.[field]) events.push(data[field]);
    }
    throw new Error('It came to an end.');
  };
  follow().catch((err: unknown) => (ended = err));
  return {
    events,
    heard: (id) => {
      if (ended !== undefined) throw new Error(`The stream ${field} ended.`, { cause: ended });
      return JSON.stringify(events).includes(id);
    },
    close: async () => await client.dispose(),
  };
}
