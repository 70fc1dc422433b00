import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DEMO_PASSWORD } from '../demo/account.ts';
import { loadDemo } from '../demo/load.ts';
import { fillEachRun, fillExamples } from '../gateway/playground/app/saved/examples.ts';
import { readSavedOperations, type SavedOperation } from '../gateway/playground/saved-operations.ts';
import { mailTo, tokenIn } from '../subgraphs/user/mail-reading.builder.ts';
import { testDatabase } from './databases.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';
import { watch } from './watch.ts';

const PASSWORD = 'tern-7-sails';
/** What happens goes through Kafka, also on a machine that has much else to do. */
const LIVE_WITHIN_MS = 30_000;

const opened = new AsyncDisposableStack();
let supergraph: TestSupergraph;
let mailFolder: string;
/** Of demo people: whom to sign in as, and somebody protected. */
const demo = { ada: '', mina: '' };

beforeAll(async () => {
  const database = opened.adopt(await testDatabase(), (own) => own.drop());
  mailFolder = database.env.MAIL_FOLDER;
  await loadDemo({ adminUrl: database.adminUrl });
  await database.replicated();
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  for (const name of ['ada', 'mina'] as const) demo[name] = (await tokensOf(name, DEMO_PASSWORD)).accessToken;
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

async function tokensOf(login: string, password: string): Promise<Tokens> {
  const { data } = await supergraph.ask<{ signIn: { tokens: Tokens } }>(
    `mutation ($login: String!, $password: String!) {
      signIn(input: { login: $login, password: $password, wantsToken: true }) { tokens { accessToken refreshToken } }
    }`,
    { login, password },
  );
  return data.signIn.tokens;
}

/** Somebody whom nobody misses, to be signed out, renamed and deleted. */
async function newcomer() {
  const username = `new_${randomUUID().slice(0, 8)}`;
  await supergraph.ask(
    'mutation ($input: SignUpInput!) { signUp(input: $input) { errors { __typename } } }',
    {
      input: { username, email: `${username}@example.org`, password: PASSWORD },
    },
  );
  return { username, ...(await tokensOf(username, PASSWORD)) };
}

type Newcomer = Awaited<ReturnType<typeof newcomer>>;

/** What only who types it knows; these are tried by somebody new. */
const typed: Record<string, (self: Newcomer) => Promise<object> | object> = {
  SignUp: () => {
    const username = `new_${randomUUID().slice(0, 8)}`;
    return { input: { username, email: `${username}@example.org`, password: PASSWORD } };
  },
  SignInBot: ({ username }) => ({ login: username, password: PASSWORD }),
  RefreshSession: ({ refreshToken }) => ({ refreshToken }),
  SignOut: () => ({}),
  ChangePassword: () => ({ input: { currentPassword: PASSWORD, newPassword: `${PASSWORD}-again` } }),
  ChangeEmail: ({ username }) => ({ input: { email: `${username}@example.net`, password: PASSWORD } }),
  ChangeUsername: () => ({ username: `new_${randomUUID().slice(0, 8)}` }),
  RequestEmailVerification: () => ({}),
  VerifyEmail: async ({ username }) => ({
    token: tokenIn(await mailTo(mailFolder, `${username}@example.org`)),
  }),
  // To an address that is verified, as those of demo people are.
  ResetPassword: async () => {
    await supergraph.ask(
      'mutation { requestPasswordReset(input: { login: "noor" }) { linkLifetimeMinutes } }',
    );
    return { input: { token: tokenIn(await mailTo(mailFolder, 'noor@example.com')), newPassword: PASSWORD } };
  },
  SetAccountProtection: () => ({ isProtected: true }),
  RevokeSession: async ({ username, accessToken }) => {
    await tokensOf(username, PASSWORD);
    const { data } = await supergraph.ask<{ viewer: { sessions: { id: string; isCurrent: boolean }[] } }>(
      '{ viewer { sessions { id isCurrent } } }',
      {},
      accessToken,
    );
    return { sessionId: data.viewer.sessions.find(({ isCurrent }) => !isCurrent)?.id };
  },
  RevokeOtherSessions: () => ({}),
  WithdrawFollowRequest: async ({ accessToken }) => {
    const { data: found } = await supergraph.ask<{ user: { id: string } }>(
      '{ user(username: "mina") { id } }',
    );
    const { data } = await supergraph.ask<{ followUser: { followRequest: { id: string } } }>(
      'mutation ($input: FollowUserInput!) { followUser(input: $input) { followRequest { id } } }',
      { input: { userId: found.user.id } },
      accessToken,
    );
    return { id: data.followUser.followRequest.id };
  },
  DeactivateAccount: () => ({ password: PASSWORD }),
  DeleteAccount: ({ username }) => ({ input: { password: PASSWORD, confirmUsername: username } }),
};

/** Only a protected account has requests to answer. */
const asMina = new Set(['FollowRequests', 'ApproveFollowRequest', 'DeclineFollowRequest']);

interface Card {
  cursor: string;
  node: { id: string; likeCount: number; replyCount: number; retweetCount: number } | null;
}

async function adasHome(): Promise<Card[]> {
  const { data } = await supergraph.ask<{ homeTimeline: { edges: Card[] } }>(
    '{ homeTimeline(first: 100) { edges { cursor node { id likeCount replyCount retweetCount } } } }',
    {},
    demo.ada,
  );
  return data.homeTimeline.edges;
}

const tweetWith = async (count: 'likeCount' | 'replyCount' | 'retweetCount') =>
  (await adasHome()).find(({ node }) => (node?.[count] ?? 0) > 0)?.node?.id;

/** Where what the playground puts there would show little. */
const chosen: Record<string, () => Promise<object>> = {
  HomeBetween: async () => ({ before: (await adasHome())[29]?.cursor }),
  Thread: async () => ({ id: await tweetWith('replyCount') }),
  TweetLikes: async () => ({ id: await tweetWith('likeCount') }),
  TweetRetweetsAndQuotes: async () => ({ id: await tweetWith('retweetCount') }),
  ...Object.fromEntries(
    ['Profile', 'ProfileLikes', 'Followers', 'Following'].map((name) => [
      name,
      () => Promise.resolve({ username: 'ada' }),
    ]),
  ),
};

async function variablesFor(
  { name, variables }: SavedOperation,
  token: string,
): Promise<Record<string, unknown>> {
  const choose = chosen[name];
  const ask = (query: string, given?: object) => supergraph.ask<unknown>(query, given, token);
  const found = await fillExamples(variables, ask);
  return { ...(fillEachRun(found) as object), ...(await choose?.()) };
}

/** Errors, refusals, roots without an answer, and lists without anything. */
function complaintsIn({ name, kind }: SavedOperation, { data, errors }: Answer): string[] {
  const roots = Object.entries(data ?? {}).flatMap(([field, value]) => {
    if (value === null) return [`${field} is null`];
    const refusals = (value as { errors?: unknown[] }).errors ?? [];
    return refusals.length > 0 ? [`${field} is refused: ${JSON.stringify(refusals)}`] : [];
  });
  const lists = kind === 'query' ? listsIn(data) : [];
  const isEmpty = lists.length > 0 && lists.every((list) => list.length === 0);
  const all = [
    ...(errors ?? []).map(({ message }) => message),
    ...roots,
    ...(isEmpty ? ['nothing there'] : []),
  ];
  return all.map((what) => `${name}: ${what}`);
}

type Answer = Pick<Awaited<ReturnType<TestSupergraph['ask']>>, 'data' | 'errors'>;

/** The pages in an answer, wherever they are. */
const listsIn = (value: unknown): unknown[][] => {
  if (Array.isArray(value)) return value.flatMap(listsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = (key === 'nodes' || key === 'edges') && Array.isArray(inner) ? [inner as unknown[]] : [];
    return [...own, ...listsIn(inner)];
  });
};

/** Has something happen that each stream tells of. */
const happenings: Record<string, (variables: Record<string, unknown>) => Promise<unknown>> = {
  HomeLive: () => post({ text: 'To be seen at once' }),
  ThreadLive: ({ tweetId }) => post({ text: 'To be read at once', inReplyToTweetId: tweetId }),
  TweetsLive: () => Promise.resolve(),
  ReceiptLive: () => Promise.resolve(),
};

async function post(input: object): Promise<void> {
  const { data } = await supergraph.ask<{ createTweet: { errors: unknown[] } }>(
    'mutation ($input: CreateTweetInput!) { createTweet(input: $input) { errors { ... on UserError { message } } } }',
    { input: { ...input, idempotencyKey: randomUUID() } },
    demo.ada,
  );
  expect(data.createTweet.errors).toEqual([]);
}

async function tryOut(operation: SavedOperation): Promise<string[]> {
  const type = typed[operation.name];
  if (type !== undefined) {
    const self = await newcomer();
    const variables = await type(self);
    return complaintsIn(operation, await supergraph.ask(operation.text, variables, self.accessToken));
  }
  const token = asMina.has(operation.name) ? demo.mina : demo.ada;
  const variables = await variablesFor(operation, token);
  if (operation.kind !== 'subscription') {
    return complaintsIn(operation, await supergraph.ask(operation.text, variables, token));
  }
  const field = /\{\s*(\w+)/.exec(operation.text.slice(operation.text.indexOf('subscription')))?.[1] ?? '';
  const stream = watch<{ cursor: string }>(supergraph.origin, token, field, operation.text, variables);
  const ended = Symbol('ended');
  const isOver = stream.ended.then(() => ended);
  try {
    // Until the subscription stands, what happens is not told of.
    await until(
      `${operation.name} tells of something`,
      async () => {
        if (stream.events.length > 0) return true;
        await happenings[operation.name]?.(variables);
        const told = until('it is told', () => stream.events.length > 0, 2000).catch(() => false);
        if ((await Promise.race([told, isOver])) === ended) throw new Error(String(await stream.ended));
        return stream.events.length > 0;
      },
      LIVE_WITHIN_MS,
    );
    return [];
  } finally {
    await stream.close();
  }
}

it('answers every saved operation with demo data, as whoever starts from nothing', async () => {
  const complaints: string[] = [];
  for (const operation of readSavedOperations()) {
    const own = await tryOut(operation).catch((err: unknown) => [`${operation.name}: ${String(err)}`]);
    complaints.push(...own);
  }
  expect(complaints).toEqual([]);
}, 180_000);
