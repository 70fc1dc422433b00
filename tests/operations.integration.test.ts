import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DEMO_PASSWORD, DEMO_USERNAME } from '../demo/account.ts';
import { loadDemo } from '../demo/load.ts';
import { readCost } from '../gateway/cost.ts';
import { planOf } from '../gateway/planner.ts';
import { readSavedOperations, type SavedOperation } from '../gateway/playground/saved-operations.ts';
import { rowId } from '../subgraphs/global-id.ts';
import { hashOf, newSecret } from '../subgraphs/user/session.ts';
import type { Viewer } from '../subgraphs/viewer.ts';
import { createLog } from '../platform/process/log.ts';
import { timelineKeys } from '../subgraphs/timeline/buckets.ts';
import { createDeliveries, type Deliveries } from '../subgraphs/timeline/deliveries.ts';
import { LIST_SIZE } from '../subgraphs/timeline/home-timeline-list.ts';
import { connectRedis as connectTimelineRedis } from '../subgraphs/timeline/redis.ts';
import { createAnnouncer, liveKeys, type Announcer } from '../subgraphs/tweet/live-log.ts';
import { connectRedis as connectTweetRedis } from '../subgraphs/tweet/redis.ts';
import { testDatabase } from './databases.ts';
import { readTable, writeTable, type Row } from './operations-table.ts';
import { wayOf } from './plan-way.ts';
import { until } from './until.ts';
import { countingStatements, operationIn, startWhole, type Whole } from './whole-in-process.ts';

const opened = new AsyncDisposableStack();
let whole: Whole;
let admin: pg.Client;
let ada: Viewer;
let deliveries: Deliveries;
let announcer: Announcer;

beforeAll(async () => {
  const database = opened.adopt(await testDatabase(), (own) => own.drop());
  await loadDemo({ adminUrl: database.adminUrl });
  await database.replicated();
  admin = opened.adopt(new pg.Client({ connectionString: database.adminUrl }), (client) => client.end());
  await admin.connect();
  whole = opened.adopt(await startWhole(database.env), (own) => own.stop());
  ada = await signedIn(DEMO_USERNAME, DEMO_PASSWORD);
  const { REDIS_URL, REDIS_KEY_PREFIX } = database.env;
  const redisOptions = { name: 'test', timeoutMs: 10_000, log: createLog('test') };
  const homes = opened.adopt(connectTimelineRedis(REDIS_URL, redisOptions), (redis) => redis.close());
  deliveries = createDeliveries(homes, timelineKeys(REDIS_KEY_PREFIX), LIST_SIZE);
  const tweets = opened.adopt(connectTweetRedis(REDIS_URL, redisOptions), (redis) => redis.close());
  announcer = createAnnouncer(tweets, liveKeys(REDIS_KEY_PREFIX));
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

const signedIn = async (login: string, password: string): Promise<Viewer> =>
  viewerIn(
    await asked<Entered>(
      `mutation ($login: String!, $password: String!) {
        entered: signIn(input: { login: $login, password: $password }) { viewer { id } session { id } }
      }`,
      { login, password },
    ),
  );

interface Entered {
  entered: { viewer: { id: string }; session: { id: string } };
}
const viewerIn = ({ entered: { viewer, session } }: Entered): Viewer => ({
  userId: rowId('user', viewer.id),
  sessionId: rowId('session', session.id),
});

async function asked<Data>(text: string, variables: object, viewer: Viewer | null = null): Promise<Data> {
  const { data, errors } = await whole.run(text, variables, viewer);
  if (errors) throw new Error(errors.map(({ message }) => message).join(' '));
  return data as Data;
}

/** Somebody new, for what would end ada's session. */
async function newcomer(): Promise<Viewer & { username: string }> {
  const username = `new_${randomUUID().slice(0, 8)}`;
  const entered = await asked<Entered>(
    `mutation ($input: SignUpInput!) { entered: signUp(input: $input) { viewer { id } session { id } } }`,
    { input: { username, email: `${username}@example.org`, password: PASSWORD } },
  );
  return { ...viewerIn(entered), username };
}
const PASSWORD = 'tern-7-sails';

const valueOf = async (sql: string, values: unknown[] = []): Promise<string> => {
  const { rows } = await admin.query<{ value: string }>(sql, values);
  if (rows[0] === undefined) throw new Error('The demo data has nothing like that.');
  return rows[0].value;
};

/** Of somebody else: what most people liked. */
const likedTweet = () =>
  valueOf(
    `SELECT 'tweet_' || l.tweet_id AS value FROM tweets.likes l JOIN tweets.entries e ON e.id = l.tweet_id
     WHERE e.author_id <> $1 AND e.in_reply_to_id IS NULL
     GROUP BY l.tweet_id ORDER BY count(*) DESC, l.tweet_id LIMIT 1`,
    [ada.userId],
  );
/** Whom most people follow, and ada does not. */
const popular = () =>
  valueOf(
    `SELECT 'user_' || followee_id AS value FROM follows.following WHERE followee_id <> $1
       AND followee_id NOT IN (SELECT followee_id FROM follows.following WHERE follower_id = $1)
     GROUP BY followee_id ORDER BY count(*) DESC, followee_id LIMIT 1`,
    [ada.userId],
  );

const ownTweet = async (viewer: Viewer, inReplyToTweetId: string | null = null): Promise<string> => {
  const { createTweet } = await asked<{ createTweet: { tweet: { id: string } } }>(
    'mutation ($input: CreateTweetInput!) { createTweet(input: $input) { tweet { id } } }',
    { input: { text: 'Terns over the pier', inReplyToTweetId, idempotencyKey: randomUUID() } },
    viewer,
  );
  return createTweet.tweet.id;
};

/** Of whoever asks, to somebody new. */
const followRequest = async (viewer: Viewer): Promise<string> => {
  const target = await newcomer();
  await asked(
    'mutation { setAccountProtection(input: { isProtected: true }) { errors { __typename } } }',
    {},
    target,
  );
  const { followUser } = await asked<{ followUser: { followRequest: { id: string } } }>(
    'mutation ($input: FollowUserInput!) { followUser(input: $input) { followRequest { id } } }',
    { input: { userId: `user_${target.userId}` } },
    viewer,
  );
  return followUser.followRequest.id;
};

/** What the playground would put for the names that begin with `$`. */
const examples: Record<string, (viewer: Viewer) => Promise<string> | string> = {
  tweetId: likedTweet,
  ownTweetId: ownTweet,
  userId: popular,
  username: () => DEMO_USERNAME,
  name: () => `new_${randomUUID().slice(0, 8)}`,
  uuid: () => randomUUID(),
  hourAgo: () => new Date(Date.now() - 3_600_000).toISOString(),
  edgeCursor: async (viewer) => {
    const { homeTimeline } = await asked<{ homeTimeline: { edges: { cursor: string }[] } }>(
      '{ homeTimeline(first: 30) { edges { cursor } } }',
      {},
      viewer,
    );
    return homeTimeline.edges[29]?.cursor ?? '';
  },
  sessionId: async () => `session_${(await signedIn(DEMO_USERNAME, DEMO_PASSWORD)).sessionId}`,
  followRequestId: followRequest,
  sentFollowRequestId: followRequest,
};

async function filled(value: unknown, viewer: Viewer): Promise<unknown> {
  if (typeof value === 'string') {
    const name = /^\$(\w+)/.exec(value)?.[1];
    const example = name === undefined ? undefined : examples[name];
    return example === undefined ? value : value.replace(`$${name}`, await example(viewer));
  }
  if (Array.isArray(value)) return await Promise.all(value.map((each) => filled(each, viewer)));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(
    async ([name, each]) => [name, await filled(each, viewer)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** What a person types in: passwords, and names of their own. */
const typed: Record<string, (viewer: Viewer & { username: string }) => Promise<object> | object> = {
  SignUp: () => {
    const username = `new_${randomUUID().slice(0, 8)}`;
    return { input: { username, email: `${username}@example.org`, password: PASSWORD } };
  },
  SignInBot: ({ username }) => ({ login: username, password: PASSWORD }),
  RefreshSession: async ({ username }) => {
    const { signIn } = await asked<{ signIn: { tokens: { refreshToken: string } } }>(
      `mutation ($login: String!, $password: String!) {
        signIn(input: { login: $login, password: $password, wantsToken: true }) { tokens { refreshToken } }
      }`,
      { login: username, password: PASSWORD },
    );
    return { refreshToken: signIn.tokens.refreshToken };
  },
  ChangePassword: () => ({ input: { currentPassword: PASSWORD, newPassword: `${PASSWORD}-again` } }),
  ChangeEmail: ({ username }) => ({ input: { email: `${username}@example.net`, password: PASSWORD } }),
  DeactivateAccount: () => ({ password: PASSWORD }),
  DeleteAccount: ({ username }) => ({ input: { password: PASSWORD, confirmUsername: username } }),
  SignOut: () => ({}),
  RevokeOtherSessions: () => ({}),
  RevokeSession: async ({ username }) => ({
    sessionId: `session_${(await signedIn(username, PASSWORD)).sessionId}`,
  }),
  SetAccountProtection: () => ({ isProtected: true }),
  ChangeUsername: () => ({ username: `new_${randomUUID().slice(0, 8)}` }),
  RequestEmailVerification: () => ({}),
  RequestPasswordReset: ({ username }) => ({ login: username }),
  ResetPassword: async (viewer) => ({
    input: { token: await linkTo('reset-password', viewer), newPassword: `${PASSWORD}-again` },
  }),
  VerifyEmail: async (viewer) => ({ token: await linkTo('verify-email', viewer) }),
};

/** As the mail has it that a worker would send. */
async function linkTo(purpose: string, { userId, username }: Viewer & { username: string }): Promise<string> {
  const token = newSecret();
  await admin.query(
    `INSERT INTO users.mail_tokens (user_id, purpose, token_hash, email, expires_at)
     VALUES ($1, $2, $3, $4, now() + interval '1 hour')`,
    [userId, purpose, hashOf(token), `${username}@example.org`],
  );
  return token;
}

/** Has something happen that a stream tells first, and returns the variables with which it does. */
const happening: Record<string, (given: object) => Promise<object>> = {
  HomeLive: async () => {
    const { homeTimeline } = await asked<{ homeTimeline: { liveCursor: string } }>(
      '{ homeTimeline(first: 1) { liveCursor } }',
      {},
      ada,
    );
    const tweetId = rowId('tweet', await ownTweet(ada));
    await deliveries.bring({ kind: 'added', entryId: tweetId, tweetId }, [ada.userId]);
    return { after: homeTimeline.liveCursor };
  },
  TweetsLive: (given) => Promise.resolve(given),
  ThreadLive: async () => {
    const { tweet } = await asked<{ tweet: { conversationId: string; replies: { liveCursor: string } } }>(
      'query ($id: ID!) { tweet(id: $id) { conversationId replies(first: 1) { liveCursor } } }',
      { id: await likedTweet() },
      ada,
    );
    const reply = rowId('tweet', await ownTweet(ada, await likedTweet()));
    await announcer.told('reply', rowId('tweet', tweet.conversationId), [reply]);
    return { tweetId: await likedTweet(), after: tweet.replies.liveCursor };
  },
  ReceiptLive: (given) => Promise.resolve(given),
};

const RUNS = 12;
const WARM_UP = 2;

/** Requests to the person who asks. */
const ofOwnRequests = new Set(['ApproveFollowRequest', 'DeclineFollowRequest']);

/** Of its table. Two of the first steps are called as an operation of a screen. */
const rowNameOf = ({ screen, name, kind }: SavedOperation) => {
  const said = { query: '', mutation: ' (mutation)', subscription: ' (live)' }[kind];
  return `${screen === 'First steps' ? 'First steps: ' : ''}${name}${said}`;
};

interface Measured {
  /** With as many statements as it took at the most. */
  row: Row;
  fewest: number;
  complaints: string[];
}

async function measure(saved: SavedOperation): Promise<Measured> {
  const { name, kind, text, variables } = saved;
  const document = parse(text, { noLocation: true });
  const operation = operationIn(document);
  const cost = readCost(whole.supergraph.schema(), whole.supergraph.costDirectives(), document, operation);
  const way = wayOf(planOf(whole.supergraph.gateway, document, name));
  const counts: number[] = [];
  const complaints: string[] = [];
  const type = typed[name];
  const person = type === undefined ? { ...ada, username: DEMO_USERNAME } : await newcomer();
  const given = type === undefined ? await filled(variables, person) : await type(person);
  const viewer = ofOwnRequests.has(name) ? await targetOf((given as { id: string }).id) : person;
  // Several times: look-ups that happen to come in one tick go together. The first may build what is there later.
  const runs = kind === 'mutation' ? 1 : RUNS;
  for (let run = 0; run < runs; run += 1) {
    const told = (await happening[name]?.(given as object)) ?? (given as object);
    const ask = kind === 'subscription' ? whole.hear : whole.run;
    const { result, count } = await countingStatements(() =>
      until(`${name} answers`, () => ask(text, told, viewer)),
    );
    counts.push(count);
    complaints.push(...complaintsIn(name, result));
  }
  if (runs > WARM_UP) counts.splice(0, WARM_UP);
  const { fetches, calls, hops, path } = way;
  const total = cost(given as Record<string, unknown>).total;
  return {
    complaints,
    fewest: Math.min(...counts),
    row: {
      operation: rowNameOf(saved),
      fetches: String(fetches),
      calls: String(calls),
      hops: String(hops),
      statements: String(Math.max(...counts)),
      cost: String(total),
      way: path,
    },
  };
}

async function targetOf(requestId: string): Promise<Viewer> {
  const userId = await valueOf('SELECT target_id AS value FROM follows.follow_requests WHERE id = $1', [
    requestId.replace('request_', ''),
  ]);
  const sessionId = await valueOf('SELECT id AS value FROM users.sessions WHERE user_id = $1', [userId]);
  return { userId, sessionId };
}

/** Errors, refusals, and root fields without an answer. */
function complaintsIn(name: string, { data, errors }: Awaited<ReturnType<Whole['run']>>): string[] {
  const roots = Object.entries(data ?? {}).flatMap(([field, value]) => {
    if (value === null) return [`${field} is null`];
    const refusals = (value as { errors?: unknown[] }).errors ?? [];
    return refusals.length > 0 ? [`${field} is refused: ${JSON.stringify(refusals)}`] : [];
  });
  return [...(errors ?? []).map(({ message }) => message), ...roots].map((what) => `${name}: ${what}`);
}

// `UPDATE=1` writes the table anew: what changed in it is then to be looked at, and formatted.
it('answers every saved operation with demo data, at what docs/api.md says that it takes', async () => {
  const measurements: Measured[] = [];
  const complaints: string[] = [];
  for (const operation of readSavedOperations()) {
    const measured = await measure(operation).catch((err: unknown) => {
      throw new Error(`${operation.name} could not be tried`, { cause: err });
    });
    measurements.push(measured);
    complaints.push(...measured.complaints);
  }
  expect(complaints).toEqual([]);
  if (process.env['UPDATE'] === '1') writeTable(measurements.map(({ row }) => row));

  const held = new Map(readTable().map((row) => [row.operation, row]));
  expect([...held.keys()].toSorted()).toEqual(measurements.map(({ row }) => row.operation).toSorted());
  for (const { row, fewest } of measurements) {
    const known = held.get(row.operation);
    expect({ ...row, statements: known?.statements }).toEqual(known);
    const isHeld = fewest <= Number(known?.statements);
    expect({ operation: row.operation, fewest, isHeld }).toMatchObject({ isHeld: true });
  }
}, 120_000);
