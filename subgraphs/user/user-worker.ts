import { startOutboxRelay } from '../../platform/messaging/outbox-relay.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import type { RelayWorker } from '../worker.ts';
import { createAccountStore } from './account-store.ts';
import { userWorkerConfig } from './config.ts';
import { createErasureStore } from './erasure-store.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createLetterWriting } from './letter-writing.ts';
import { createLimits } from './limits.ts';
import { createLinkStore } from './link-store.ts';
import { startMailSending } from './mail-sending.ts';
import { createMailStore } from './mail-store.ts';
import { createFolderTransport, createSmtpTransport } from './mail-transport.ts';
import { pruneSessions } from './session-store.ts';
import { createUsernameStore } from './username-store.ts';

/** The relay that tells the others of accounts, the mails, and the chores: what ran out, and the end of accounts. */
export async function startUserWorker(env: NodeJS.ProcessEnv): Promise<RelayWorker> {
  const config = loadConfig(userWorkerConfig, env);
  const log = createLog('user');
  const databaseUrl = config.USER_DATABASE_URL;
  const database = connectDatabase({ url: databaseUrl, name: 'roost user worker', log });
  const { primary } = database;
  const relay = startOutboxRelay({
    databaseUrl,
    schema: 'users',
    kafka: { brokers: config.KAFKA_BROKERS, clientId: 'roost-user', topicPrefix: config.KAFKA_TOPIC_PREFIX },
    log,
  });
  const limiter = createRateLimiter({
    url: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    scale: config.RATE_LIMIT_SCALE,
    log,
  });
  const links = createLinkStore(primary);
  const sending = startMailSending({
    mails: createMailStore(primary),
    write: createLetterWriting({
      accounts: createAccountStore(primary),
      links,
      limits: createLimits(limiter),
      publicUrl: config.PUBLIC_URL,
    }),
    transport:
      config.SMTP_URL === undefined
        ? createFolderTransport(config.MAIL_FOLDER)
        : createSmtpTransport(config.SMTP_URL, config.MAIL_FROM ?? ''),
    log,
  });
  const erasures = createErasureStore(primary);
  const housekeeping = startHousekeeping(
    {
      'delete abandoned accounts': erasures.deleteAbandoned,
      'erase deleted accounts': erasures.erase,
      'release names': createUsernameStore(primary).release,
      'prune links': links.prune,
      'prune sessions': (signal) => pruneSessions(primary, signal),
    },
    log,
  );
  return {
    ring: relay.ring,
    ready: () => database.ready(),
    stop: async () => {
      await housekeeping.stop();
      await sending.stop();
      await relay.stop();
      limiter.close();
      await database.close();
    },
  };
}
