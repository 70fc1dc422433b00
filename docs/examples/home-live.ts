// Prints a home timeline as it happens. Run it with TOKEN, and URL when the gateway is not at localhost:4000.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

interface HomeEvent {
  cursor: string;
  edges?: {
    because: { explanation: string };
    node: { text: string; author: { username: string } | null } | null;
  }[];
}

let after: string | null = null;
const client = createClient({
  url: process.env['URL'] ?? 'ws://localhost:4000/graphql',
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${process.env['TOKEN']}` },
});

/** A broken stream is opened again behind the last event that arrived: nothing is missed, nothing comes twice. */
for (;;) {
  try {
    const events = client.iterate<{ homeTimeline: HomeEvent }>({
      query: `subscription ($after: String) {
        homeTimeline(after: $after) {
          cursor
          ... on HomeTimelineEntriesAdded { edges { because { explanation } node { text author { username } } } }
        }
      }`,
      variables: { after },
    });
    for await (const { data } of events) {
      if (!data) continue;
      after = data.homeTimeline.cursor;
      for (const { node, because } of data.homeTimeline.edges ?? []) {
        console.log(`@${node?.author?.username}: ${node?.text}\n    ${because.explanation}`);
      }
    }
  } catch (error) {
    console.error('interrupted, trying again:', error instanceof Error ? error.message : error);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
