import { createOutboxWaker, outboxChannel } from '../../platform/messaging/outbox.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { connectPrisma } from '../../prisma/connect.ts';
import type { SessionSource } from '../session.ts';
import { schemaOf, type Subgraph } from '../subgraph.ts';
import type { RelayWorker } from '../worker.ts';
import { createAccessTokens } from './access-token.ts';
import { createAccountChanges } from './account-changes.ts';
import { openAccount } from './account-opening.ts';
import { createAccountStore } from './account-store.ts';
import { userConfig } from './config.ts';
import type { Context, Services } from './context.ts';
import { createEndedSessions } from './ended-sessions.ts';
import { createLimits } from './limits.ts';
import { createLinkStore } from './link-store.ts';
import { createLoaders } from './loaders.ts';
import { createMailStore } from './mail-store.ts';
import { createPasswordCheck } from './password-check.ts';
import { createPasswordHasher } from './password-hasher.ts';
import { createRecovery } from './recovery.ts';
import { resolvers } from './resolvers/index.ts';
import { sessionCookie } from './session.ts';
import { createSessionStore } from './session-store.ts';
import { createSessions } from './sessions.ts';
import { createSigningIn } from './signing-in.ts';
import { createUserStore } from './user-store.ts';
import { createUsernameStore } from './username-store.ts';
import { createUsernames } from './usernames.ts';

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

  const wake = () => waker.wake();
  const ids = createNewIds(primary, 'users');
  const limiter = createRateLimiter({
    url: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    scale: config.RATE_LIMIT_SCALE,
    log,
  });
  const limits = createLimits(limiter);
  const passwords = createPasswordHasher();
  const users = createUserStore(database, prisma);
  const accounts = createAccountStore(primary);
  const names = createUsernameStore(primary);
  const usernames = createUsernames(names);
  const sessions = createSessions({
    store: createSessionStore(primary, prisma),
    tokens: createAccessTokens(config.SESSION_SIGNING_KEY, config.PUBLIC_URL),
    ended,
    withNewIds: ids,
  });
  const shared = { accounts, usernames, sessions, passwords, limits, wake };
  const check = createPasswordCheck(shared);
  const mails = createMailStore(primary);
  const services: Services = {
    ...shared,
    users,
    signingIn: createSigningIn({
      ...shared,
      check,
      openAccount: (account) => openAccount(primary, account),
      withNewIds: ids,
    }),
    changes: createAccountChanges({ ...shared, check, names }),
    recovery: createRecovery({ ...shared, mails, links: createLinkStore(primary) }),
    publicUrl: config.PUBLIC_URL,
  };
  const secure = config.PUBLIC_URL.startsWith('https:');

  return {
    name: 'user',
    schema: schemaOf(import.meta.dirname, resolvers),
    log,
    sessions,
    context: ({ caller, setCookie }): Context => ({
      ...services,
      caller,
      viewer: caller.viewer,
      loaders: createLoaders(users, caller),
      setSessionCookie: (secret) => setCookie(sessionCookie(secret, secure)),
    }),
    ready: () => database.ready(),
    stop: async () => {
      await waker.close();
      ended.close();
      limiter.close();
      await prisma.$disconnect();
      await database.close();
    },
  };
}
