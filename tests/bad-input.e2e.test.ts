import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join, PASSWORD, type Person } from './person.ts';
import { rowCounts } from './row-counts.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let ada: Person;
let bob: Person;
let adasTweet: string;
let deletedTweet: string;
/** Of somebody who signed out. */
let endedToken: string;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph({ ...database.env, LOG_LEVEL: 'info' }), (own) =>
    own.stop(),
  );
  [ada, bob] = await Promise.all([join(supergraph, 'ada'), join(supergraph, 'bob')]);
  await bob.follow(ada);
  adasTweet = await ada.post('Hello');
  await ada.post('A first text', { key: 'used' });
  deletedTweet = await ada.post('Not for long');
  await ada.deleteTweet(deletedTweet);
  const gone = await join(supergraph, 'gone');
  await gone.ask('mutation { signOut { endedSessionId } }');
  endedToken = gone.token;
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

interface Raw {
  status: number;
  text: string;
}

async function send(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Raw> {
  const response = await fetch(`${supergraph.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, text: await response.text() };
}

const ask = (query: string, variables: object = {}, token: string | null = ada.token, more: object = {}) =>
  send(
    JSON.stringify({ query, variables, ...more }),
    token === null ? {} : { authorization: `Bearer ${token}` },
  );

const change = (field: string, input: object, token: string | null = ada.token) =>
  ask(
    `mutation ($input: ${field[0]?.toUpperCase()}${field.slice(1)}Input!) {
      ${field}(input: $input) { errors { ... on UserError { code message field } } }
    }`,
    { input },
    token,
  );
const post = (input: object, token?: string | null) =>
  change('createTweet', { idempotencyKey: crypto.randomUUID(), ...input }, token);

/** Every code in an answer, whether of an error or of a refusal. */
const codesIn = ({ text }: Raw) => [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code);

/** Of ours: files, stacks, statements, and where the parts of the system are. */
const INSIDES =
  /node_modules|\.ts\b|\bat \w+ \(|stack|127\.0\.0\.1|localhost|\bsubgraph|postgres|prisma|redis|kafka|ECONN|SELECT |INSERT /i;

const deep = `{ viewer { user { ${'followers { nodes { '.repeat(10)} id ${'} } '.repeat(10)} } } }`;
const huge = 'x'.repeat(10_000_000);
const noSuchTweet = 'tweet_1234567890123';
const foreignCursor = Buffer.from('followers 123 456').toString('base64url');
const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}.`;

/** In the order: what it is, what is sent, the only code that may come back. */
const refused: [string, () => Promise<Raw>, string][] = [
  // Words
  ['a text of only spaces', () => post({ text: '   ' }), 'BAD_USER_INPUT'],
  ['a text of only unusual spaces', () => post({ text: '\u00a0\u2003\n\t\u3000' }), 'BAD_USER_INPUT'],
  ['281 weighted characters', () => post({ text: 'a'.repeat(281) }), 'BAD_USER_INPUT'],
  ['141 ideographs', () => post({ text: '鳥'.repeat(141) }), 'BAD_USER_INPUT'],
  ['a lone surrogate', () => post({ text: 'a\ud83d' }), 'BAD_USER_INPUT'],
  [
    'a lone surrogate in the query itself',
    () => ask('mutation { createTweet(input: { text: "\\uD83D", idempotencyKey: "s" }) { tweet { id } } }'),
    'BAD_USER_INPUT',
  ],
  ['NUL', () => post({ text: 'a\0b' }), 'BAD_USER_INPUT'],
  ['a key with NUL', () => post({ text: 'a', idempotencyKey: 'a\0' }), 'BAD_USER_INPUT'],
  ['an empty key', () => post({ text: 'a', idempotencyKey: '' }), 'BAD_USER_INPUT'],
  ['a key that is too long', () => post({ text: 'a', idempotencyKey: 'k'.repeat(65) }), 'BAD_USER_INPUT'],
  ['a language that is none', () => post({ text: 'a', language: 'a b' }), 'BAD_USER_INPUT'],
  ['a key used for another text', () => post({ text: 'Another', idempotencyKey: 'used' }), 'CONFLICT'],
  ['a bio with a lone surrogate', () => change('updateProfile', { bio: '\udc00' }), 'BAD_USER_INPUT'],
  ['a name with NUL', () => change('updateProfile', { displayName: 'a\0' }), 'BAD_USER_INPUT'],
  [
    'a website that runs',
    () => change('updateProfile', { website: 'javascript:alert(1)' }),
    'BAD_USER_INPUT',
  ],
  ['a username that is taken', () => signUp({ username: ada.username.toUpperCase() }), 'CONFLICT'],
  ['a username with NUL', () => signUp({ username: 'a\0b' }), 'BAD_USER_INPUT'],
  ['a common password', () => signUp({ password: 'password1' }), 'BAD_USER_INPUT'],
  ['an address that is none', () => signUp({ email: 'nobody' }), 'BAD_USER_INPUT'],
  ['a wrong password', () => signIn({ login: ada.username, password: 'wrong horse' }), 'UNAUTHENTICATED'],
  ['an unknown login', () => signIn({ login: 'nobody\0', password: '\ud800' }), 'UNAUTHENTICATED'],

  // Things
  ['a reply to a deleted tweet', () => post({ text: 'a', inReplyToTweetId: deletedTweet }), 'NOT_FOUND'],
  ['a reply to no tweet', () => post({ text: 'a', inReplyToTweetId: noSuchTweet }), 'NOT_FOUND'],
  ['a reply to a person', () => post({ text: 'a', inReplyToTweetId: ada.id }), 'BAD_USER_INPUT'],
  ['a like of a deleted tweet', () => change('likeTweet', { tweetId: deletedTweet }), 'NOT_FOUND'],
  ['a retweet of no tweet', () => change('retweet', { tweetId: noSuchTweet }), 'NOT_FOUND'],
  [
    'deleting the tweet of another',
    () => change('deleteTweet', { tweetId: adasTweet }, bob.token),
    'FORBIDDEN',
  ],
  ['following oneself', () => change('followUser', { userId: ada.id }), 'BAD_USER_INPUT'],
  ['following nobody', () => change('followUser', { userId: 'user_1234567890123' }), 'NOT_FOUND'],
  ['following a tweet', () => change('followUser', { userId: adasTweet }), 'BAD_USER_INPUT'],
  ...[
    '',
    'user_',
    'user_-1',
    'user_0x10',
    'user_99999999999999999999',
    'USER_1',
    "user_1' OR '1",
    'tweet_1\0',
    '1',
  ].map((id): [string, () => Promise<Raw>, string] => [
    `the id ${JSON.stringify(id)}`,
    () =>
      ask('query ($id: ID!) { user(id: $id) { username } node(id: $id) { id } tweet(id: $id) { text } }', {
        id,
      }),
    'BAD_USER_INPUT',
  ]),
  ['neither id nor username', () => ask('{ user { id } }'), 'BAD_USER_INPUT'],

  // Pages
  ...[
    foreignCursor,
    'nonsense',
    '',
    '\0',
    Buffer.from('home 1 2').toString('base64url'),
    'x'.repeat(5000),
  ].map((after, n): [string, () => Promise<Raw>, string] => [
    `a cursor of another list, or of none (${n})`,
    () => ask('query ($after: String) { homeTimeline(after: $after) { edges { cursor } } }', { after }),
    'BAD_USER_INPUT',
  ]),
  ...[
    'first: 0',
    'first: -1',
    'first: 101',
    'last: 101',
    'first: 1, last: 1',
    'first: 2147483648',
    'first: 1.5',
  ].map((page): [string, () => Promise<Raw>, string] => [
    `a page of ${page}`,
    () => ask(`{ homeTimeline(${page}) { edges { cursor } } }`),
    'BAD_USER_INPUT',
  ]),

  // Requests
  ['malformed JSON', () => send('{"query": '), 'BAD_USER_INPUT'],
  ['JSON that is no object', () => send('null'), 'BAD_USER_INPUT'],
  ['bytes that are no text', () => send(new Uint8Array([0xff, 0xfe, 0x00, 0xc3])), 'BAD_USER_INPUT'],
  ['no body', () => send(''), 'BAD_USER_INPUT'],
  [
    'a body of 10 MB',
    () => ask('query ($a: String) { homeTimeline(after: $a) { liveCursor } }', { a: huge }),
    'BAD_USER_INPUT',
  ],
  ['a query of 10 MB', () => ask(`{ viewer { id } } # ${huge}`), 'BAD_USER_INPUT'],
  ['a deep query', () => ask(deep), 'BAD_USER_INPUT'],
  ['a deep mess', () => ask('{'.repeat(4000)), 'BAD_USER_INPUT'],
  ['many tokens', () => ask(`{ viewer { id ${'id '.repeat(6000)} } }`), 'BAD_USER_INPUT'],
  [
    'many aliases',
    () => ask(`{ ${Array.from({ length: 60 }, (_, n) => `a${n}: viewer { id }`).join(' ')} }`),
    'BAD_USER_INPUT',
  ],
  ['an unknown field', () => ask('{ nope }'), 'BAD_USER_INPUT'],
  [
    'an unknown operation',
    () => ask('query A { viewer { id } }', {}, ada.token, { operationName: 'B' }),
    'BAD_USER_INPUT',
  ],
  [
    'a variable of the wrong kind',
    () => ask('query ($id: ID!) { tweet(id: $id) { id } }', { id: { a: 1 } }),
    'BAD_USER_INPUT',
  ],
  ['a missing variable', () => ask('query ($id: ID!) { tweet(id: $id) { id } }'), 'BAD_USER_INPUT'],
  ['a subscription over HTTP', () => ask('subscription { homeTimeline { cursor } }'), 'BAD_USER_INPUT'],
  [
    'entities, as only the gateway may ask',
    () => ask('{ _entities(representations: []) { __typename } }'),
    'BAD_USER_INPUT',
  ],

  // Credentials
  ['a bad token', () => ask('{ viewer { id } }', {}, 'nonsense'), 'UNAUTHENTICATED'],
  ['a token that nobody signed', () => ask('{ viewer { id } }', {}, unsigned), 'UNAUTHENTICATED'],
  ['a token with another’s signature', () => ask('{ viewer { id } }', {}, mixed()), 'UNAUTHENTICATED'],
  ['the token of an ended session', () => ask('{ viewer { id } }', {}, endedToken), 'UNAUTHENTICATED'],
  ['a post with an ended session', () => post({ text: 'a' }, endedToken), 'UNAUTHENTICATED'],
  ['a post of nobody', () => post({ text: 'a' }, null), 'UNAUTHENTICATED'],
  [
    'a refresh token that is none',
    () => change('refreshSession', { refreshToken: 'a\0', wantsToken: true }, null),
    'UNAUTHENTICATED',
  ],
];

/** Bob's claims under Ada's signature. */
function mixed(): string {
  const [header, claims] = bob.token.split('.');
  return `${header}.${claims}.${ada.token.split('.')[2]}`;
}
const signUp = (input: object) => {
  const username = `x_${crypto.randomUUID().slice(0, 8)}`;
  return change('signUp', { username, email: `${username}@example.com`, password: PASSWORD, ...input }, null);
};
const signIn = (input: object) => change('signIn', input, null);

describe('refuses, and writes nothing for,', () => {
  it.each(refused)('%s', async (_, request, code) => {
    const before = await rowCounts(database.adminUrl);
    const answer = await request();
    expect(answer.status).toBeLessThan(500);
    expect(codesIn(answer).length).toBeGreaterThan(0);
    expect(new Set(codesIn(answer))).toEqual(new Set([code]));
    expect(answer.text).not.toMatch(INSIDES);
    expect(await rowCounts(database.adminUrl)).toEqual(before);
  });
});

describe('takes as done before', () => {
  it('a second like', async () => {
    const like = (): Promise<unknown> =>
      bob.ask(
        `mutation ($tweetId: ID!) {
          likeTweet(input: { tweetId: $tweetId }) { tweet { likeCount viewerHasLiked } errors { __typename } }
        }`,
        { tweetId: adasTweet },
      );
    const first = await like();
    const before = await rowCounts(database.adminUrl);
    expect(first).toEqual({ likeTweet: { tweet: { likeCount: 1, viewerHasLiked: true }, errors: [] } });
    expect(await like()).toEqual(first);
    expect(await rowCounts(database.adminUrl)).toEqual(before);
  });

  it('the same text under the same key', async () => {
    const before = await rowCounts(database.adminUrl);
    const again = await ada.post('A first text', { key: 'used' });
    expect(await ada.post('A first text', { key: 'used' })).toBe(again);
    expect(await rowCounts(database.adminUrl)).toEqual(before);
  });

  it('a second follow', async () => {
    const before = await rowCounts(database.adminUrl);
    await bob.follow(ada);
    expect(await rowCounts(database.adminUrl)).toEqual(before);
  });

  it('a second deletion', async () => {
    const before = await rowCounts(database.adminUrl);
    await ada.deleteTweet(deletedTweet);
    expect(await rowCounts(database.adminUrl)).toEqual(before);
  });
});

it('believes nobody who says from outside who the viewer is', async () => {
  const { text } = await send('{"query":"{ viewer { id } }"}', {
    'x-roost-assertion': 'e30.e30',
    'x-roost-viewer': '1',
  });
  expect((JSON.parse(text) as { data: unknown }).data).toEqual({ viewer: null });
});

it('did all that without an error of its own', () => {
  expect(supergraph.output()).not.toMatch(/"level":(50|60)/);
  expect(supergraph.output()).not.toContain('unhandled');
});
