// Prints a home timeline as it happens, for as long as the token lasts: the bot beside this refreshes its own. Run it with
// TOKEN, and URL when the gateway is not at localhost:4000.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

interface HomeEvent {
  cursor: string;
  edges?: {
    cursor: string;
    because: { explanation: string };
    node: { text: string; author: { username: string } | null } | null;
  }[];
}

/** How a socket closes whose token is over, or was none. */
const TOKEN_IS_OVER = new Set([4401, 4403]);

/** Behind which event to go on. */
const position: { after: string | null } = { after: null };
/** An entry may come again after a fault, always with the same cursor. */
const shown = new Set<string>();
const client = createClient({
  url: process.env['URL'] ?? 'ws://localhost:4000/graphql',
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${process.env['TOKEN']}` },
  // The loop below tries again, and knows when there is no use in it.
  retryAttempts: 0,
});

/** From this page on, so that an interruption before the first event misses nothing either. */
async function begin(): Promise<void> {
  const page = client.iterate<{ homeTimeline: { liveCursor: string | null } | null }>({
    query: '{ homeTimeline(first: 1) { liveCursor } }',
  });
  for await (const { data } of page) position.after = data?.homeTimeline?.liveCursor ?? null;
}

async function follow(): Promise<void> {
  const events = client.iterate<{ homeTimeline: HomeEvent }>({
    query: `subscription ($after: String) {
      homeTimeline(after: $after) {
        cursor
        ... on HomeTimelineEntriesAdded { edges { cursor because { explanation } node { text author { username } } } }
      }
    }`,
    variables: { ...position },
  });
  for await (const { data } of events) {
    if (!data) continue;
    position.after = data.homeTimeline.cursor;
    for (const { cursor, node, because } of data.homeTimeline.edges ?? []) {
      if (shown.has(cursor)) continue;
      shown.add(cursor);
      console.log(`@${node?.author?.username}: ${node?.text}\n    ${because.explanation}`);
    }
  }
}

/** A broken stream is opened again behind the last event that arrived, so nothing is missed. */
for (;;) {
  try {
    if (position.after === null) await begin();
    await follow();
  } catch (error) {
    const { code, reason, message } = error as Partial<CloseEvent & Error>;
    if (code !== undefined && TOKEN_IS_OVER.has(code)) {
      console.error('sign in for another TOKEN:', reason);
      process.exit(1);
    }
    console.error('interrupted, trying again:', reason || message || code);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
