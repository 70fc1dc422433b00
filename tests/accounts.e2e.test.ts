import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { mailTo, tokenIn } from '../subgraphs/user/mail-reading.builder.ts';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join, PASSWORD, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

const NEW_PASSWORD = 'another horse battery';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let admin: pg.Client;

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  opened.defer(() => admin.end());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** A mutation by nobody in particular, or by a token; its payload. */
async function change(field: string, input: object, fields: string, token?: string) {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} errors { __typename } } }`;
  const { data, errors } = await supergraph.ask<Record<string, Payload>>(query, { input }, token);
  const payload = data[field];
  if (payload === undefined) throw new Error(`${field} failed: ${JSON.stringify(errors)}`);
  return payload;
}
type Payload = Record<string, unknown> & { errors: { __typename: string }[] };

const signIn = (login: string, password = PASSWORD) =>
  change('signIn', { login, password, wantsToken: true }, 'wasReactivated tokens { accessToken }');
const isSignedIn = async ({ token }: Pick<Person, 'token'>) =>
  (await supergraph.ask<{ viewer: object | null } | null>('{ viewer { id } }', {}, token)).data?.viewer !=
  null;

/** What a stranger sees of somebody and of what they wrote. */
async function seen(person: Person, tweetId: string) {
  const { data } = await supergraph.ask<{ user: object | null; tweet: object | null }>(
    `query ($username: String!, $tweetId: ID!) {
      user(username: $username) { displayName } tweet: node(id: $tweetId) { ... on Tweet { text } }
    }`,
    { username: person.username, tweetId },
  );
  return data;
}

it('from signing up to a new password, by mails alone', async () => {
  const ada = await join(supergraph, 'ada');
  const address = `${ada.username}@example.com`;
  const folder = database.env.MAIL_FOLDER;
  expect((await signIn(address)).errors).toEqual([{ __typename: 'WrongCredentialsError' }]);

  const token = tokenIn(await mailTo(folder, address));
  expect(await change('verifyEmail', { token }, 'email')).toEqual({ email: address, errors: [] });
  expect((await signIn(address)).errors).toEqual([]);

  await change('requestPasswordReset', { login: address }, 'linkLifetimeMinutes');
  const reset = { token: tokenIn(await mailTo(folder, address, 2)), newPassword: NEW_PASSWORD };
  expect(await isSignedIn(ada)).toBe(true);
  expect(await change('resetPassword', reset, 'username')).toEqual({ username: ada.username, errors: [] });
  await until('its session has ended', async () => !(await isSignedIn(ada)));
  expect((await signIn(address)).errors).toHaveLength(1);
  expect((await signIn(address, NEW_PASSWORD)).errors).toEqual([]);
});

it('an account goes when it is deactivated, and comes back with all that it wrote', async () => {
  const bob = await join(supergraph, 'bob');
  const tweetId = await bob.post('Still here');
  expect(await seen(bob, tweetId)).toEqual({
    user: { displayName: bob.username },
    tweet: { text: 'Still here' },
  });

  const gone = await change('deactivateAccount', { password: PASSWORD }, 'deactivatedUserId', bob.token);
  expect(gone).toEqual({ deactivatedUserId: bob.id, errors: [] });
  expect(await seen(bob, tweetId)).toEqual({ user: null, tweet: null });
  await until('its session has ended', async () => !(await isSignedIn(bob)));

  expect(await signIn(bob.username)).toMatchObject({ wasReactivated: true, errors: [] });
  expect(await seen(bob, tweetId)).toEqual({
    user: { displayName: bob.username },
    tweet: { text: 'Still here' },
  });
});

it('a deleted account is gone at once, and erased though everything dies that moment', async () => {
  const eve = await join(supergraph, 'eve');
  const tweetId = await eve.post('Forget me');
  const input = { password: PASSWORD, confirmUsername: eve.username };
  const deleted = await change('deleteAccount', input, 'deletedUserId', eve.token);
  expect(deleted).toEqual({ deletedUserId: eve.id, errors: [] });
  expect(await seen(eve, tweetId)).toEqual({ user: null, tweet: null });
  await supergraph.kill('SIGKILL');
  await supergraph.start();

  const id = eve.id.replace('user_', '');
  const none = async (rows: string) => (await admin.query(`SELECT FROM ${rows} = $1`, [id])).rowCount === 0;
  await until('nothing of it is left in users', () => none('users.users WHERE id'));
  // Kafka waits a while for the consumer that died.
  const isLeft = 'tweets.entries WHERE deleted_at IS NULL AND author_id';
  await until('its tweets are gone', () => none(isLeft), 150_000);
  expect((await signIn(eve.username)).errors).toEqual([{ __typename: 'WrongCredentialsError' }]);
  const again = { username: eve.username, email: 'other@example.com', password: PASSWORD };
  expect((await change('signUp', again, 'viewer { id }')).errors).toEqual([
    { __typename: 'UsernameTakenError' },
  ]);
}, 300_000);
