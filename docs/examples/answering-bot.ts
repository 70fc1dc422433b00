// Answers whoever replies to its tweet, live. Stop it, or crash it: started again it goes on where it was, and answers
// nobody twice. Run it with LOGIN and PASSWORD; URL when the gateway is not at localhost:4000, STATE for its memory.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'graphql-ws';

const { URL: url = 'http://localhost:4000', LOGIN, PASSWORD, STATE = 'answering-bot.json' } = process.env;

/** All that it has to remember. What is not here yet is found out on the way. */
interface Memory {
  refreshToken?: string;
  /** The tweet that people reply to. */
  tweetId?: string;
  /** Behind which event to go on. */
  after?: string;
}
const memory: Memory = (() => {
  try {
    return JSON.parse(readFileSync(STATE, 'utf8')) as Memory;
  } catch {
    return {};
  }
})();
/** Whole or not at all: a crash half-way leaves the old memory. */
function remember(more: Memory): void {
  writeFileSync(`${STATE}.new`, JSON.stringify(Object.assign(memory, more)));
  renameSync(`${STATE}.new`, STATE);
}

interface Refusal {
  code: string;
  message: string;
  retryAfterMs?: number;
}
const REFUSALS = 'errors { ... on UserError { code message } ... on RateLimitedError { retryAfterMs } }';

async function ask<Data>(query: string, variables: object, token?: string): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Data;
    errors?: { message: string; extensions: { code: string; retryAfterMs?: number } }[];
  };
  const [error] = errors ?? [];
  if (error?.extensions.code === 'RATE_LIMITED') {
    await pause(error.extensions.retryAfterMs ?? 1000);
    return ask(query, variables, token);
  }
  // Its session was revoked, or it lay still for too long.
  if (error?.extensions.code === 'UNAUTHENTICATED') tokens = null;
  if (error || !data) throw new Error(error?.message ?? 'The answer is empty.');
  return data;
}

// Signing in

interface Tokens {
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
}
const TOKENS = `tokens { accessToken accessTokenExpiresAt refreshToken } ${REFUSALS}`;
let tokens: Tokens | null = null;

/** A token that lasts a minute at least. A refresh token works once, so the new one is written down at once. */
async function accessToken(): Promise<string> {
  if (tokens === null || Date.parse(tokens.accessTokenExpiresAt) < Date.now() + 60_000) {
    tokens = (await refresh()) ?? (await signIn());
    remember({ refreshToken: tokens.refreshToken });
  }
  return tokens.accessToken;
}

async function refresh(): Promise<Tokens | null> {
  if (memory.refreshToken === undefined) return null;
  const { refreshSession } = await ask<{ refreshSession: { tokens: Tokens | null } | null }>(
    `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${TOKENS} } }`,
    { input: { refreshToken: memory.refreshToken, wantsToken: true } },
  );
  return refreshSession?.tokens ?? null;
}

async function signIn(): Promise<Tokens> {
  const { signIn: signedIn } = await ask<{ signIn: { tokens: Tokens | null; errors: Refusal[] } }>(
    `mutation ($input: SignInInput!) { signIn(input: $input) { ${TOKENS} } }`,
    { input: { login: LOGIN, password: PASSWORD, wantsToken: true, deviceName: 'answering bot' } },
  );
  if (signedIn.tokens === null) throw new Error(signedIn.errors[0]?.message);
  return signedIn.tokens;
}

// Posting

/** Its id; null when it can't be posted: what it answers is gone, say. The same key never posts twice in a day. */
async function post(input: { text: string; idempotencyKey: string; inReplyToTweetId?: string }) {
  const { createTweet } = await ask<{ createTweet: { tweet: { id: string } | null; errors: Refusal[] } }>(
    `mutation ($input: CreateTweetInput!) { createTweet(input: $input) { tweet { id } ${REFUSALS} } }`,
    { input },
    await accessToken(),
  );
  const [refusal] = createTweet.errors;
  if (refusal?.code === 'RATE_LIMITED') {
    await pause(refusal.retryAfterMs);
    return post(input);
  }
  if (refusal) console.error(refusal.message);
  return createTweet.tweet?.id ?? null;
}

interface Reply {
  id: string;
  text?: string;
  author?: { id: string; username: string } | null;
}
const REPLY = 'id ... on Tweet { text author { id username } }';

async function answer(reply: Reply | null, me: string): Promise<void> {
  // Without a text it is a tombstone.
  if (!reply?.text || !reply.author || reply.author.id === me) return;
  const words = reply.text.trim().split(/\s+/).length;
  const text = `@${reply.author.username} I count ${words} ${words === 1 ? 'word' : 'words'}.`;
  await post({ text, inReplyToTweetId: reply.id, idempotencyKey: `answer to ${reply.id}` });
  console.log(text);
}

// Life

async function live(): Promise<void> {
  const { viewer } = await ask<{ viewer: { id: string } }>('{ viewer { id } }', {}, await accessToken());
  if (memory.tweetId === undefined) {
    const text = 'Reply to this, and I count your words.';
    const tweetId = await post({ text, idempotencyKey: 'the tweet to reply to' });
    if (tweetId !== null) remember({ tweetId });
  }
  const { tweetId } = memory;
  console.log(`listening below ${tweetId}`);

  const page = async () => {
    const { tweet } = await ask<{ tweet: { replies: { nodes: (Reply | null)[]; liveCursor: string } } }>(
      `query ($tweetId: ID!) {
        tweet(id: $tweetId) { replies(order: NEWEST, first: 100) { nodes { ${REPLY} } liveCursor } }
      }`,
      { tweetId },
      await accessToken(),
    );
    return tweet.replies;
  };
  /** For what no stream can tell: before its time, or after too long a pause. */
  const catchUp = async () => {
    const { nodes, liveCursor } = await page();
    for (const reply of nodes.toReversed()) await answer(reply, viewer.id);
    return liveCursor;
  };
  if (memory.after === undefined) remember({ after: await catchUp() });

  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: async () => ({ authorization: `Bearer ${await accessToken()}` }),
  });
  const events = client.iterate<{
    conversation: { __typename: string; cursor: string; edge?: { node: Reply | null } };
  }>({
    query: `subscription ($tweetId: ID!, $after: String) {
      conversation(tweetId: $tweetId, after: $after) {
        __typename
        cursor
        ... on ReplyAdded { edge { node { ${REPLY} } } }
      }
    }`,
    variables: { tweetId, after: memory.after },
  });
  for await (const { data } of events) {
    if (!data) continue;
    const { __typename, cursor, edge } = data.conversation;
    if (__typename === 'TimelineGap') await catchUp();
    else if (edge) await answer(edge.node, viewer.id);
    // Only now: after a crash before this line the event comes again, and its key keeps it from a second answer.
    remember({ after: cursor });
  }
}

for (;;) {
  try {
    await live();
  } catch (error) {
    // Four times an hour it is the socket, which ends with its access token.
    const { code, reason, message } = error as Partial<CloseEvent & Error>;
    console.error('interrupted, trying again:', reason || message || code);
  }
  await pause(1000);
}
