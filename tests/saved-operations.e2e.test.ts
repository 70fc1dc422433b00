import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { DEMO_PASSWORD, DEMO_USERNAME } from '../demo/account.ts';
import { loadDemo } from '../demo/load.ts';
import { fillEachRun, fillExamples } from '../gateway/playground/app/saved/examples.ts';
import { readSavedOperations, type SavedOperation } from '../gateway/playground/saved-operations.ts';
import { testDatabase } from './databases.ts';
import { join } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';

const opened = new AsyncDisposableStack();
let supergraph: TestSupergraph;
let token: string;
let socket: Client;

beforeAll(async () => {
  const database = opened.adopt(await testDatabase(), (own) => own.drop());
  await loadDemo({ adminUrl: database.adminUrl, people: 40, tweets: 600 });
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  const { data } = await supergraph.ask<{ signIn: { tokens: { accessToken: string } } }>(
    `mutation ($login: String!, $password: String!) {
      signIn(input: { login: $login, password: $password, wantsToken: true }) { tokens { accessToken } }
    }`,
    { login: DEMO_USERNAME, password: DEMO_PASSWORD },
  );
  token = data.signIn.tokens.accessToken;
  const me = await supergraph.ask<{ setAccountProtection: { user: { id: string } } }>(
    'mutation { setAccountProtection(input: { isProtected: true }) { user { id } } }',
    {},
    token,
  );
  // One to approve, one to decline, and one more: what the example speaks of is still there at the next.
  for (const name of ['asker_a', 'asker_b', 'asker_c'])
    await (
      await join(supergraph, name)
    ).ask('mutation ($id: ID!) { followUser(input: { userId: $id }) { user { id } } }', {
      id: me.data.setAccountProtection.user.id,
    });
  socket = opened.adopt(
    createClient({
      url: `${supergraph.origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    }),
    (own) => void own.dispose(),
  );
}, 120_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** These end the session that the others need. */
const ends = new Set(['SignOut', 'RevokeOtherSessions']);
const all = readSavedOperations();
const asked = all.filter(({ kind, name }) => kind !== 'subscription' && !ends.has(name));

const variablesOf = async ({ variables }: SavedOperation) =>
  fillEachRun(
    await fillExamples(variables, (query, lookedFor) => supergraph.ask(query, lookedFor, token)),
  ) as Record<string, unknown>;

describe('in a demo, what the playground offers', () => {
  it.each(asked)('$screen: $name is answered, if only with a refusal in words', async (saved) => {
    const { status, data, errors } = await supergraph.ask<Record<string, unknown>>(
      saved.text,
      await variablesOf(saved),
      token,
    );
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(Object.values(data)).not.toContain(null);
  });

  it.each(all.filter(({ kind }) => kind === 'subscription'))('$screen: $name begins', async (saved) => {
    const refused = Promise.withResolvers<never>();
    refused.promise.catch(() => undefined);
    const end = socket.subscribe(
      { query: saved.text, variables: await variablesOf(saved) },
      {
        next: ({ errors }) => errors && refused.reject(new Error(JSON.stringify(errors))),
        error: refused.reject,
        complete: () => refused.reject(new Error('It ended at once')),
      },
    );
    // Asked after it on the same socket, and answered only by a gateway that has read both.
    const later = socket.iterate({ query: '{ viewer { id } }' }).next();
    expect(await Promise.race([later, refused.promise])).toMatchObject({ value: { data: { viewer: {} } } });
    end();
  });
});
