import { graphql } from 'graphql';
import pg from 'pg';
import type { Id } from '../../platform/ids.ts';
import type { RateLimiter } from '../../platform/rate-limiter.ts';
import { connectDatabase, type Database } from '../../platform/postgres.ts';
import { createLog } from '../../platform/process/log.ts';
import { testDatabase } from '../../tests/databases.ts';
import { counting } from '../../tests/statements.ts';
import { schemaOf } from '../subgraph.ts';
import type { Context } from './context.ts';
import { createDistanceStore, type DistanceStore } from './distance-store.ts';
import { createFollowStore, type FollowStore } from './follow-store.ts';
import { createLimits } from './limits.ts';
import { createListStore, type ListStore } from './list-store.ts';
import { createLoaders } from './loaders.ts';
import { createRelationStore, type RelationStore } from './relation-store.ts';
import { createRequestStore, type RequestStore } from './request-store.ts';
import { resolvers } from './resolvers/index.ts';
import { suggest } from './suggestions.ts';
import type { Work } from './work.ts';

type Json = Record<string, unknown>;

export interface Answer {
  data: Record<string, Json | null> | null | undefined;
  codes: unknown[] | undefined;
  /** How many statements it took. */
  statements: number;
}

/** The stores and resolvers of the follow subgraph on a database of their own, with people 1 to 40. */
export interface FollowStores {
  admin: pg.Client;
  database: Database;
  work: Work;
  follows: FollowStore;
  requests: RequestStore;
  distances: DistanceStore;
  lists: ListStore;
  relations: RelationStore;
  /** How often the outbox was said to have something new. */
  wakes(): number;
  /** The events of the outbox, oldest first: `UserFollowed.v1`. */
  told(): Promise<string[]>;
  /** Asks the schema as somebody signed in, or as nobody. */
  ask(viewerId: Id | null, source: string, variables?: Json): Promise<Answer>;
  /** Nobody follows, asked or blocks anybody, and all accounts stand, open. */
  reset(): Promise<void>;
  protect(...userIds: Id[]): Promise<void>;
  deactivate(...userIds: Id[]): Promise<void>;
  close(): Promise<void>;
}

/** Allows everything; `remaining` of a rate may be set to refuse. */
const noLimits: Pick<RateLimiter, 'use'> = {
  use: (rate) => Promise.resolve({ isAllowed: true, limit: rate.count, remaining: rate.count, resetMs: 0 }),
};

export async function openFollowStores(limiter = noLimits): Promise<FollowStores> {
  const test = await testDatabase();
  const admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  const database = connectDatabase({
    url: test.env.FOLLOW_DATABASE_URL,
    name: 'test',
    max: 20,
    log: createLog('test'),
  });
  await admin.query(
    `INSERT INTO users.users (id, username, display_name) SELECT n, 'u' || n, 'U' FROM generate_series(1, 40) n`,
  );
  const schema = schemaOf(import.meta.dirname, resolvers);
  let wakes = 0;
  const wake = () => {
    wakes += 1;
  };
  const storesOn = (primary: pg.Pool) => ({
    follows: createFollowStore(primary, wake),
    requests: createRequestStore(primary),
    distances: createDistanceStore(primary, wake),
    lists: createListStore(primary),
    relations: createRelationStore(primary),
  });
  const setAll =
    (column: string) =>
    async (...userIds: Id[]) =>
      void (await admin.query(`UPDATE users.users SET ${column} WHERE id = ANY($1::bigint[])`, [userIds]));

  return {
    admin,
    database,
    work: { primary: database.primary, wake, signal: new AbortController().signal },
    ...storesOn(database.primary),
    wakes: () => wakes,
    told: async () => {
      const { rows } = await admin.query<{ name: string }>('SELECT name FROM follows.outbox ORDER BY id');
      return rows.map(({ name }) => name);
    },
    ask: async (viewerId, source, variableValues = {}) => {
      const counted = counting(database);
      const stores = storesOn(counted.database.primary);
      const viewer = viewerId === null ? null : { userId: viewerId, sessionId: '9' };
      const contextValue: Context = {
        ...stores,
        caller: { viewer, address: '127.0.0.1', userAgent: null, readsOwnWrites: false },
        viewerId,
        loaders: createLoaders(stores, viewerId),
        limits: createLimits(limiter),
        suggest: (...asked) => suggest(counted.database.primary, ...asked),
        now: () => new Date(),
      };
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
      return {
        data: data as Answer['data'],
        codes: errors?.map((error) => error.extensions['code'] ?? error.message),
        statements: counted.statements(),
      };
    },
    reset: async () => {
      await admin.query(`
        TRUNCATE follows.following, follows.followers, follows.user_counters, follows.outbox, follows.follow_requests,
          follows.blocks, follows.mutes, follows.hidden_retweets, follows.erasures, follows.popular_accounts;
        UPDATE users.users SET is_protected = false, deactivated_at = NULL`);
      wakes = 0;
    },
    protect: setAll('is_protected = true'),
    deactivate: setAll('deactivated_at = now()'),
    close: async () => {
      await database.close();
      await admin.end();
      await test.drop();
    },
  };
}
