import { randomUUID } from 'node:crypto';
import { createNewIds } from '../platform/new-ids.ts';
import { connectDatabase } from '../platform/postgres.ts';
import { createLog } from '../platform/process/log.ts';
import { rowId } from '../subgraphs/global-id.ts';
import { composeTweet, type NewTweet } from '../subgraphs/tweet/tweet.ts';
import { createTweetStore } from '../subgraphs/tweet/tweet-store.ts';
import { join } from '../tests/person.ts';
import { compare } from './compare.ts';
import { createHttpClient } from './http-client.ts';
import { POST } from './operations.ts';
import { pickPeople } from './people.ts';
import { profileWhile } from './profile.ts';
import type { Stage } from './stage.ts';
import { ratio } from './table.ts';

const CONNECTIONS = 12;
const ROUNDS = 7;
const ROUND_MS = 2000;
const GOAL = 0.3;

/**
 * How many tweets a second are posted through the gateway; and how many by the one statement alone that writes them,
 * with the event and the key, from this process. By people whom nobody follows: else the fan-out, which the answer does
 * not wait for, takes the same processors meanwhile.
 */
export async function createTweet(stage: Stage): Promise<string[]> {
  const { supergraph, database, signal, inspectorPort } = stage;
  await using stack = new AsyncDisposableStack();
  const http = stack.adopt(createHttpClient(supergraph.origin, CONNECTIONS), (client) => client.close());
  const tweets = connectDatabase({
    url: database.env.TWEET_DATABASE_URL,
    name: 'roost bench',
    max: CONNECTIONS,
    log: createLog('bench'),
  });
  stack.defer(() => tweets.close());
  const store = createTweetStore({
    database: tweets,
    withNewIds: createNewIds(tweets.primary, 'tweets'),
    wake: () => undefined,
  });
  const people = await pickPeople(database.adminUrl, CONNECTIONS);
  const followed = await Promise.all(
    people.map(async ({ id, username }) => ({ id, token: await stage.signIn(username) })),
  );
  const newcomers = await Promise.all(
    people.map(async () => {
      const { id, token } = await join(supergraph, 'bench');
      return { id: rowId('user', id), token };
    }),
  );
  const one = (authors: typeof newcomers, n: number) => authors[n % authors.length] ?? { id: '0', token: '' };

  const posting = (name: string, authors: typeof newcomers) => ({
    name,
    once: async (n: number) => {
      const text = `A tweet of the bench, ${randomUUID()}`;
      const variables = { text, idempotencyKey: randomUUID() };
      const answer = await http.ask({ query: POST, variables }, one(authors, n).token);
      if (!answer.includes('"id":"tweet_')) throw new Error(`Refused: ${answer.slice(0, 300)}`);
    },
  });
  const alone = posting('createTweet through the gateway', newcomers);
  const fannedOut = posting('the same by people with followers', followed);
  const writing = {
    name: 'the statement alone, by pg',
    once: async (n: number) => {
      const input: NewTweet = {
        text: `A tweet of the bench, ${randomUUID()}`,
        inReplyToId: null,
        quotedId: null,
        replyPolicy: 'EVERYONE',
        language: 'en',
        idempotencyKey: randomUUID(),
      };
      const composed = composeTweet(input, one(newcomers, n).id, { parent: null, quoted: null });
      if (composed.type === 'refused') throw new Error('The bench writes what nobody may post.');
      await store.post(composed.draft, input);
    },
  };
  const load = { connections: CONNECTIONS, roundMs: ROUND_MS, signal };
  const { rates, lines } = await compare([alone, writing], { ...load, rounds: ROUNDS });
  // Apart, since its fan-out goes on when its round is over.
  const { lines: followedLines } = await compare([fannedOut], { ...load, rounds: ROUNDS });
  const profile = await profileWhile(inspectorPort, () => compare([alone], { ...load, rounds: 1 }));
  const [posts = NaN, statements = NaN] = rates;
  return [
    `${ratio(posts / statements)} × the statement alone (the goal is ${GOAL})`,
    ...lines,
    ...followedLines,
    ...profile.map((line, at) => (at === 0 ? `the supergraph's process, posting: ${line}` : line)),
  ];
}
