import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { list, url } from '../../platform/process/config.ts';
import { rateLimitScale } from '../../platform/rate-limiter.ts';

export const userWorkerConfig = z.object({
  USER_DATABASE_URL: url('postgres', 'postgresql'),
  KAFKA_BROKERS: list,
  KAFKA_TOPIC_PREFIX: z.string().default(''),
});

/** What the user subgraph is told by its environment. */
export const userConfig = z.object({
  USER_DATABASE_URL: url('postgres', 'postgresql'),
  USER_DATABASE_REPLICA_URL: url('postgres', 'postgresql').optional(),
  REDIS_URL: url('redis', 'rediss'),
  REDIS_KEY_PREFIX: z.string().default(''),
  RATE_LIMIT_SCALE: rateLimitScale,
  /** The origin that people see: of links, pictures and tokens, and whether cookies are `Secure`. */
  PUBLIC_URL: url('http', 'https').transform((text) => new URL(text).origin),
  /** Signs access tokens. */
  SESSION_SIGNING_KEY: z.string().transform((text, context): KeyObject => {
    try {
      const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
      if (key.asymmetricKeyType === 'ed25519') return key;
    } catch {
      // Said below, without the key.
    }
    context.addIssue({ code: 'custom', message: 'must be an Ed25519 key: PKCS8 in base64' });
    return z.NEVER;
  }),
});
