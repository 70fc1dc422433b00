import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface HomeEdge {
  cursor: string;
  because: { __typename: string; explanation: string; path: string; retweeter?: { username: string } };
  node: { id: string; text: string; author: { username: string } | null } | null;
}

export type HomeEvent = { cursor: string } & (
  | { __typename: 'HomeTimelineEntriesAdded'; edges: HomeEdge[] }
  | { __typename: 'HomeTimelineEntriesRemoved'; edgeCursors: string[]; tweetIds: string[] }
  | { __typename: 'HomeTimelineReset'; cause: string }
  | { __typename: 'TimelineGap'; after: string | null; before: string | null }
);

/** A client of the live home timeline: when its stream breaks, it opens it again behind the last event that came. */
export interface HomeStream {
  /** All that came, in order, over however many connections. */
  events: HomeEvent[];
  /** The edges that came, of each event the oldest first. One that comes again is the same edge. */
  added(): HomeEdge[];
  /** Why it broke, each time that it did. */
  breaks: unknown[];
  close(): Promise<void>;
}

const RETRY_MS = 50;

export function watchHome({
  origin,
  token,
  after,
  edgeFields,
}: {
  origin: string;
  token: string;
  after: string | null;
  edgeFields: string;
}): HomeStream {
  const events: HomeEvent[] = [];
  let cursor = after;
  const breaks: unknown[] = [];
  let isOpen = true;
  const client = createClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });

  async function follow(): Promise<void> {
    const stream = client.iterate<{ homeTimeline: HomeEvent }>({
      query: `subscription ($after: String) {
        homeTimeline(after: $after) {
          __typename
          cursor
          ... on HomeTimelineEntriesAdded { edges { ${edgeFields} } }
          ... on HomeTimelineEntriesRemoved { edgeCursors tweetIds }
          ... on HomeTimelineReset { cause }
          ... on TimelineGap { after before }
        }
      }`,
      variables: { after: cursor },
    });
    for await (const { data, errors } of stream) {
      if (errors || !data) throw new Error(`The stream has errors: ${JSON.stringify(errors)}`);
      cursor = data.homeTimeline.cursor;
      events.push(data.homeTimeline);
    }
  }

  async function run(): Promise<void> {
    while (isOpen) {
      const why = await follow().catch((err: unknown) => err);
      if (!isOpen) return;
      breaks.push(why);
      await pause(RETRY_MS);
    }
  }

  const running = run();
  return {
    events,
    added: () => {
      const edges = events.flatMap((event) =>
        event.__typename === 'HomeTimelineEntriesAdded' ? event.edges.toReversed() : [],
      );
      return [...new Map(edges.map((edge) => [edge.cursor, edge])).values()];
    },
    breaks,
    close: async () => {
      isOpen = false;
      await client.dispose();
      await running;
    },
  };
}
