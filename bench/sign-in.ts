import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { hash, verify } from '@node-rs/argon2';
import { DEMO_PASSWORD } from '../demo/account.ts';
import { PASSWORD_COST } from '../subgraphs/user/password-hasher.ts';
import { compare } from './compare.ts';
import { createHttpClient } from './http-client.ts';
import { pickPeople } from './people.ts';
import type { Stage } from './stage.ts';
import { ratio } from './table.ts';

const CONNECTIONS = 8;
const ROUNDS = 7;
const ROUND_MS = 3000;
const GOAL = 0.9;

const SIGN_IN = `mutation SignIn($login: String!, $password: String!) {
  signIn(input: { login: $login, password: $password, wantsToken: true }) {
    viewer { id }
    tokens { accessToken refreshToken }
    errors { ... on UserError { message } }
  }
}`;

const hashByNode = promisify(argon2);

/**
 * How many people a second the gateway signs in; and how many passwords are hashed here alone, with the same
 * parameters: by Node.js itself, and by the library that the gateway hashes with.
 */
export async function signIn({ supergraph, database, signal }: Stage): Promise<string[]> {
  await using stack = new AsyncDisposableStack();
  const http = stack.adopt(createHttpClient(supergraph.origin, CONNECTIONS), (client) => client.close());
  const people = await pickPeople(database.adminUrl, 400);
  const passwordHash = await hash(DEMO_PASSWORD, PASSWORD_COST);
  const { memoryCost: memory, timeCost: passes, parallelism } = PASSWORD_COST;
  const byNode = {
    message: DEMO_PASSWORD,
    nonce: randomBytes(16),
    tagLength: 32,
    memory,
    passes,
    parallelism,
  };

  const { rates, lines } = await compare(
    [
      {
        name: 'signIn through the gateway',
        once: async (n) => {
          const login = people[n % people.length]?.username;
          const answer = await http.ask({ query: SIGN_IN, variables: { login, password: DEMO_PASSWORD } });
          if (!answer.includes('"accessToken":"')) throw new Error(`Refused: ${answer.slice(0, 300)}`);
        },
      },
      { name: "argon2id alone, Node.js' own", once: () => hashByNode('argon2id', byNode) },
      { name: 'argon2id alone, @node-rs/argon2', once: () => verify(passwordHash, DEMO_PASSWORD) },
    ],
    { connections: CONNECTIONS, rounds: ROUNDS, roundMs: ROUND_MS, signal },
  );
  const [signIns = NaN, ofNode = NaN, ofLibrary = NaN] = rates;
  return [
    `${ratio(signIns / ofNode)} × Node.js' own argon2id alone (the goal is ${GOAL})`,
    `${ratio(signIns / ofLibrary)} × @node-rs/argon2 alone, which the gateway hashes with (the same goal, taken strictly)`,
    ...lines,
    `${memory / 1024} MiB, ${passes} passes, ${parallelism} lane`,
  ];
}
