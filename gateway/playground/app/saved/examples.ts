/** Asks the API; an answer may have both data and errors. */
export type Ask = (query: string, variables?: object) => Promise<{ data?: unknown }>;

/** Real things that example variables can speak of, as whoever asks sees them; and how to come by one. */
const THINGS = {
  tweetId: 'a tweet',
  ownTweetId: 'a tweet of yours: sign in, and post one first',
  userId: 'somebody',
  username: 'somebody',
  edgeCursor: 'an entry of your home timeline: sign in first',
  followRequestId: 'somebody who waits to follow you: sign in with a protected account, as mina in a demo',
  sentFollowRequestId: 'a protected account that you asked to follow: sign in, and ask one first',
  sessionId: 'another device that you are signed in on: sign in there first',
};
type Thing = keyof typeof THINGS;
type Found = Partial<Record<Thing, string>>;

/** Somebody whom a demo has, for those who have no home timeline to choose from. */
const SOMEBODY = 'ada';

/** Parts of it fail for whoever is signed out; the rest is enough. */
const LOOKUP = `query Examples($somebody: String!) {
  viewer {
    id
    user { tweets(first: 1) { nodes { id } } }
    sessions { id isCurrent }
    followRequests(first: 1) { nodes { id } }
    sentFollowRequests(first: 1) { nodes { id } }
  }
  homeTimeline(first: 10) { edges { cursor node { id author { id username } } } }
  suggestedUsers(first: 1) { user { id username } }
  user(username: $somebody) { id username tweets(first: 1) { nodes { id } } }
}`;

interface Looked {
  viewer: {
    id: string;
    user: { tweets: { nodes: { id: string }[] } | null } | null;
    sessions: { id: string; isCurrent: boolean }[] | null;
    followRequests: { nodes: { id: string }[] } | null;
    sentFollowRequests: { nodes: { id: string }[] } | null;
  } | null;
  homeTimeline: {
    edges: { cursor: string; node: { id: string; author: { id: string; username: string } | null } | null }[];
  } | null;
  suggestedUsers: { user: { id: string; username: string } | null }[] | null;
  user: { id: string; username: string; tweets: { nodes: { id: string }[] } | null } | null;
}

const PLACEHOLDER = new RegExp(`^\\$(${Object.keys(THINGS).join('|')})$`);

/** With something real in place of `$tweetId` and its like; what cannot be found stays, to be filled in by hand. */
export async function fillExamples(
  variables: Record<string, unknown>,
  ask: Ask,
): Promise<Record<string, unknown>> {
  const needsLook = somewhere(variables, (text) => PLACEHOLDER.test(text));
  const found = needsLook ? await lookUp(ask) : {};
  return replaced(variables, (text) => {
    if (text === '$hourAgo') return new Date(Date.now() - 3_600_000).toISOString();
    const [, name] = PLACEHOLDER.exec(text) ?? [];
    return found[name as Thing] ?? text;
  }) as Record<string, unknown>;
}

/** What nothing could be found for, in words for people; null when there is none of that. */
export function missingIn(variables: unknown): string | null {
  let missing: string | null = null;
  somewhere(variables, (text) => {
    const [placeholder, thing] = PLACEHOLDER.exec(text) ?? [];
    if (placeholder === undefined) return false;
    missing = `"${placeholder}" among the variables stands for ${THINGS[thing as Thing]}. Or write what you mean in its place.`;
    return true;
  });
  return missing;
}

/** A new UUID wherever a variable says `$uuid`, and a new name for `$name`: so that it can be run again. */
export function fillEachRun(variables: unknown): unknown {
  const name = `bird_${crypto.randomUUID().slice(0, 8)}`;
  return replaced(variables, (text) =>
    text === '$uuid' ? crypto.randomUUID() : text.replaceAll('$name', name),
  );
}

async function lookUp(ask: Ask): Promise<Found> {
  const answer = await ask(LOOKUP, { somebody: SOMEBODY }).catch(() => ({ data: null }));
  const data = answer.data as Looked | null | undefined;
  const edges = data?.homeTimeline?.edges ?? [];
  const byOther = edges.find(({ node }) => node?.author && node.author.id !== data?.viewer?.id);
  const edge = byOther ?? edges[0];
  // Nobody can follow, mute or block themselves.
  const other = byOther?.node?.author ?? (data?.viewer ? data.suggestedUsers?.[0]?.user : data?.user);
  const found: Record<Thing, string | undefined> = {
    tweetId: edge?.node?.id ?? data?.user?.tweets?.nodes[0]?.id,
    ownTweetId: data?.viewer?.user?.tweets?.nodes[0]?.id,
    userId: other?.id,
    username: other?.username ?? data?.user?.username,
    edgeCursor: edge?.cursor,
    followRequestId: data?.viewer?.followRequests?.nodes[0]?.id,
    sentFollowRequestId: data?.viewer?.sentFollowRequests?.nodes[0]?.id,
    sessionId: data?.viewer?.sessions?.find(({ isCurrent }) => !isCurrent)?.id,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function replaced(value: unknown, by: (text: string) => string): unknown {
  if (typeof value === 'string') return by(value);
  if (Array.isArray(value)) return value.map((inner) => replaced(inner, by));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, by)]));
}

function somewhere(value: unknown, holds: (text: string) => boolean): boolean {
  if (typeof value === 'string') return holds(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some((inner) => somewhere(inner, holds));
}
