import { isUnionType } from 'graphql';
import pg from 'pg';
import { testDatabase } from '../../tests/databases.ts';
import { createExecutor } from '../executor.ts';
import type { SessionSource } from '../session.ts';
import type { Subgraph } from '../subgraph.ts';
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
  ask(query: string, variables?: Json, viewer?: Viewer | null, address?: string): Promise<Answer>;
  /** One mutation with one input: its payload. Rejects when it failed. */
  change(
    field: string,
    input: Json | null,
    fields: string,
    viewer?: Viewer | null,
    address?: string,
  ): Promise<Json>;
  /** With an address and a password made up, unless `input` says them. */
  signUp(input: Json): Promise<Answer>;
  /** Opens an account and returns its owner. */
  aViewer(username: string): Promise<Viewer>;
  /** Another session of an account that `aViewer` opened. */
  signIn(login: string, password?: string, address?: string): Promise<Json>;
  /** The events of accounts that were told since the last call, by name. */
  told(): Promise<string[]>;
  subgraph: Subgraph;
  sessions: SessionSource;
  admin: pg.Client;
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export const PASSWORD = 'tern-7-sails';

const HERE = '192.0.2.1';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';

/** What a refusal says beyond what all do. */
const DETAILS: Record<string, string> = {
  ValidationError: '... on ValidationError { constraint }',
  RateLimitedError: '... on RateLimitedError { retryAfterMs }',
  UsernameTakenError: '... on UsernameTakenError { suggestions }',
};

const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) {
  viewer { id user { username displayName isViewer } account { email } sessions { id isCurrent } }
  session { id deviceName ipAddress isCurrent }
  tokens { accessToken refreshToken }
  errors { __typename ... on UserError { code field message }
    ... on ValidationError { constraint limit } ... on UsernameTakenError { suggestions } }
} }`;

/** The whole subgraph on a database of its own, asked as the gateway asks it. */
export async function aUserSubgraph(settings: NodeJS.ProcessEnv = {}): Promise<UserSubgraphUnderTest> {
  const test = await testDatabase();
  const admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  // Without Kafka nothing takes the events, so that a test can look at them.
  const env = {
    ...test.env,
    PUBLIC_URL: 'http://localhost:3000',
    KAFKA_BROKERS: '127.0.0.1:1',
    ...settings,
  };
  const subgraph = await startUserSubgraph(env);
  const executor = createExecutor(subgraph);

  const ask: UserSubgraphUnderTest['ask'] = async (query, variables = {}, viewer = null, address = HERE) => {
    const cookies: string[] = [];
    const caller = { viewer, address, userAgent: FIREFOX, readsOwnWrites: false };
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
  const change: UserSubgraphUnderTest['change'] = async (
    field,
    input,
    fields,
    viewer = null,
    address = HERE,
  ) => {
    const name = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    const refusal = subgraph.schema.getType(`${name}Error`);
    const refusals = isUnionType(refusal) ? refusal.getTypes().map((type) => DETAILS[type.name] ?? '') : [];
    const errors = isUnionType(refusal)
      ? `errors { __typename ... on UserError { code field message } ${refusals.join(' ')} }`
      : '';
    const text =
      input === null
        ? `mutation { ${field} { ${fields} ${errors} } }`
        : `mutation ($input: ${name}Input!) { ${field}(input: $input) { ${fields} ${errors} } }`;
    const { data, codes } = await ask(text, input === null ? {} : { input }, viewer, address);
    const payload = data?.[field];
    if (payload == null) throw new Error(`${field} failed: ${codes.join(', ')}`);
    return payload;
  };
  const signUp = (input: Json) =>
    ask(SIGN_UP, {
      input: { email: `${String(input['username'])}@example.org`, password: PASSWORD, ...input },
    });

  let heard = '0';

  return {
    ask,
    change,
    signUp,
    signIn: (login, password = PASSWORD, address = HERE) =>
      change('signIn', { login, password }, 'viewer { id } session { id } wasReactivated', null, address),
    told: async () => {
      const { rows } = await admin.query<{ id: string; name: string }>(
        'SELECT id, name FROM users.outbox WHERE id > $1 ORDER BY id',
        [heard],
      );
      heard = rows.at(-1)?.id ?? heard;
      return rows.map(({ name }) => name.replace(/\.v\d+$/, ''));
    },
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
    subgraph,
    sessions: subgraph.sessions,
    admin,
    env,
    stop: async () => {
      await subgraph.stop();
      await admin.end();
      await test.drop();
    },
  };
}
