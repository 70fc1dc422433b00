import pg from 'pg';
import { testDatabase } from '../../tests/databases.ts';
import { createExecutor } from '../executor.ts';
import type { SessionSource } from '../session.ts';
import type { Viewer } from '../viewer.ts';
import { startUserSubgraph } from './user-subgraph.ts';

export type Json = Record<string, unknown>;

export interface Answer {
  data: Record<string, Json> | null;
  /** Of the errors beside the data. */
  codes: unknown[];
  cookies: string[];
}

export interface UserSubgraphUnderTest {
  ask(query: string, variables?: Json, viewer?: Viewer | null): Promise<Answer>;
  /** With an address and a password made up, unless `input` says them. */
  signUp(input: Json): Promise<Answer>;
  /** Opens an account and returns its owner. */
  aViewer(username: string): Promise<Viewer>;
  sessions: SessionSource;
  admin: pg.Client;
  stop(): Promise<void>;
}

export const PASSWORD = 'tern-7-sails';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';

const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) {
  viewer { id user { username displayName isViewer } account { email } sessions { id isCurrent } }
  session { id deviceName ipAddress isCurrent }
  tokens { accessToken refreshToken }
  errors { __typename ... on UserError { code field message }
    ... on ValidationError { constraint limit } ... on UsernameTakenError { suggestions } }
} }`;

/** The whole subgraph on a database of its own, asked as the gateway asks it. */
export async function aUserSubgraph(): Promise<UserSubgraphUnderTest> {
  const test = await testDatabase();
  const admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  // Without Kafka nothing takes the events, so that a test can look at them.
  const subgraph = await startUserSubgraph({
    ...test.env,
    PUBLIC_URL: 'http://localhost:3000',
    KAFKA_BROKERS: '127.0.0.1:1',
  });
  const executor = createExecutor(subgraph);

  const ask: UserSubgraphUnderTest['ask'] = async (query, variables = {}, viewer = null) => {
    const cookies: string[] = [];
    const caller = { viewer, address: '192.0.2.1', userAgent: FIREFOX, readsOwnWrites: false };
    const { data, errors } = await executor.execute(
      { query, variables },
      { caller, setCookie: (cookie) => cookies.push(cookie) },
    );
    return {
      data: (data ?? null) as Answer['data'],
      codes: (errors ?? []).map((error) => error.extensions?.['code']),
      cookies,
    };
  };
  const signUp = (input: Json) =>
    ask(SIGN_UP, {
      input: { email: `${String(input['username'])}@example.org`, password: PASSWORD, ...input },
    });

  return {
    ask,
    signUp,
    aViewer: async (username) => {
      await signUp({ username });
      const { rows } = await admin.query<Viewer>(
        `SELECT s.user_id AS "userId", s.id AS "sessionId" FROM users.sessions s
         JOIN users.users u ON u.id = s.user_id WHERE u.username = $1`,
        [username],
      );
      const [viewer] = rows;
      if (viewer === undefined) throw new Error(`${username} could not sign up`);
      return viewer;
    },
    sessions: subgraph.sessions,
    admin,
    stop: async () => {
      await subgraph.stop();
      await admin.end();
      await test.drop();
    },
  };
}
