import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { connectPrisma } from '../../prisma/connect.ts';
import type { SessionSource } from '../session.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import type { RelayWorker } from '../worker.ts';
import { createAccessTokens } from './access-token.ts';
import { openAccount } from './account-opening.ts';
import { userConfig } from './config.ts';
import type { Context } from './context.ts';
import { createEndedSessions } from './ended-sessions.ts';
import { createLoaders } from './loaders.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { createPasswordHasher } from './password-hasher.ts';
import { resolvers } from './resolvers.ts';
import { sessionCookie } from './session.ts';
import { createSessionStore } from './session-store.ts';
import { createSessions } from './sessions.ts';
import { createSigningIn } from './signing-in.ts';
import { createUserStore } from './user-store.ts';

/**
 * Accounts, profiles, and who is signed in.
 * @param beside the worker of this process, where it has one.
 */
export async function startUserSubgraph(
  env: NodeJS.ProcessEnv,
  beside?: RelayWorker,
): Promise<Subgraph & { sessions: SessionSource }> {
  const config = loadConfig(userConfig, env);
  const log = createLog('user');
  const databaseUrl = config.USER_DATABASE_URL;
  const database = connectDatabase({
    url: databaseUrl,
    replicaUrl: config.USER_DATABASE_REPLICA_URL,
    name: 'roost user',
    log,
  });
  const { primary } = database;
  const prisma = connectPrisma({ connectionString: databaseUrl });
  const ended = createEndedSessions(config.REDIS_URL, config.REDIS_KEY_PREFIX, log);
  const waker = createOutboxWaker(primary, outboxChannel('users'), beside?.ring);

  const ids = createNewIds(primary, 'users');
  const users = createUserStore(database, prisma);
  const sessions = createSessions({
    store: createSessionStore(primary, prisma),
    tokens: createAccessTokens(config.SESSION_SIGNING_KEY, config.PUBLIC_URL),
    ended,
    withNewIds: ids,
  });
  const signingIn = createSigningIn({
    openAccount: (account) => openAccount(primary, account),
    users,
    sessions,
    passwords: createPasswordHasher(),
    withNewIds: ids,
    wake: () => waker.wake(),
  });
  const secure = config.PUBLIC_URL.startsWith('https:');

  return {
    name: 'user',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    sessions,
    context: ({ caller, setCookie }): Context => ({
      caller,
      viewer: caller.viewer,
      users,
      sessions,
      signingIn,
      loaders: createLoaders(users, caller),
      publicUrl: config.PUBLIC_URL,
      setSessionCookie: (secret) => setCookie(sessionCookie(secret, secure)),
    }),
    ready: () => database.ready(),
    stop: async () => {
      await waker.close();
      ended.close();
      await prisma.$disconnect();
      await database.close();
    },
  };
}
