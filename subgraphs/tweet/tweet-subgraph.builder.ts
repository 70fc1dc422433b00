import { graphql } from 'graphql';
import type { Id } from '../../platform/ids.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { counting } from '../../tests/statements.ts';
import { schemaOf } from '../subgraph.ts';
import type { Context } from './context.ts';
import { createLiveGate } from './live-gate.ts';
import { openLive } from './live.ts';
import { createLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { createStores } from './stores.ts';
import { openTweetStores, type TweetStores } from './tweet-stores.builder.ts';

export interface Answer {
  data: Record<string, unknown> | null | undefined;
  /** Of the errors; undefined without any. */
  codes: unknown[] | undefined;
  /** How many were sent to Postgres. */
  statements: number;
}

/** The tweet subgraph on a database of its own, to be asked as anybody. */
export interface AskedSubgraph {
  stores: TweetStores;
  /** @param viewerId account 1 unless said otherwise; null is signed out. */
  ask(source: string, variables?: Record<string, unknown>, viewerId?: Id | null): Promise<Answer>;
  close(): Promise<void>;
}

/** @param rateLimitScale generous unless a test is about limits. */
export async function openTweetSubgraph(rateLimitScale = 10_000): Promise<AskedSubgraph> {
  const schema = schemaOf(import.meta.dirname, resolvers);
  const stores = await openTweetStores();
  const { env, database } = stores;
  const log = createLog('test');
  const redis = { keyPrefix: env.REDIS_KEY_PREFIX, log };
  // Counts for itself: a use that Redis is late for would be counted beside the others.
  const limiter = createRateLimiter({ ...redis, url: null, scale: rateLimitScale });
  const live = openLive({
    ...redis,
    redisUrl: env.REDIS_URL,
    gate: createLiveGate(database.primary),
    countsOf: stores.cards.countsOf,
    readsReplica: () => false,
  });
  return {
    stores,
    ask: async (source, variableValues = {}, viewerId = '1') => {
      const counted = counting(database);
      const own = createStores({
        database: counted.database,
        withNewIds: createNewIds(database.primary, 'tweets'),
        wake: () => undefined,
      });
      const viewer = viewerId === null ? null : { userId: viewerId, sessionId: '9' };
      const caller = { viewer, address: '127.0.0.1', userAgent: null, readsOwnWrites: true };
      const contextValue: Context = {
        ...own,
        caller,
        limiter,
        live,
        loaders: createLoaders({ ...own, live }, caller),
        addressOf: (page, name) => `https://roost.example/${page}/${name}`,
        now: () => new Date(),
      };
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
      const codes = errors?.map(({ extensions }) => extensions['code']);
      return { data, codes, statements: counted.statements() };
    },
    close: async () => {
      await live.stop();
      limiter.close();
      await stores.close();
    },
  };
}
