import { createPrivateKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { list, url } from '../../platform/process/config.ts';
import { rateLimitScale } from '../../platform/rate-limiter.ts';

/** Of links in mails and pages, of pictures and tokens, and whether cookies are `Secure`. */
const publicUrl = url('http', 'https').transform((text) => new URL(text).origin);

export const userWorkerConfig = z
  .object({
    USER_DATABASE_URL: url('postgres', 'postgresql'),
    KAFKA_BROKERS: list,
    KAFKA_TOPIC_PREFIX: z.string().default(''),
    REDIS_URL: url('redis', 'rediss'),
    REDIS_KEY_PREFIX: z.string().default(''),
    RATE_LIMIT_SCALE: rateLimitScale,
    PUBLIC_URL: publicUrl,
    /** Left out: mails are written into the folder. */
    SMTP_URL: url('smtp', 'smtps').optional(),
    MAIL_FROM: z.string().optional(),
    MAIL_FOLDER: z.string().default(join(import.meta.dirname, '../../.roost/mail')),
  })
  .refine(({ SMTP_URL, MAIL_FROM }) => SMTP_URL === undefined || MAIL_FROM !== undefined, {
    path: ['MAIL_FROM'],
    message: 'is missing: whom mails sent by SMTP_URL are from, as in "Roost <roost@example.org>"',
  });

/** What the user subgraph is told by its environment. */
export const userConfig = z.object({
  USER_DATABASE_URL: url('postgres', 'postgresql'),
  USER_DATABASE_REPLICA_URL: url('postgres', 'postgresql').optional(),
  REDIS_URL: url('redis', 'rediss'),
  REDIS_KEY_PREFIX: z.string().default(''),
  RATE_LIMIT_SCALE: rateLimitScale,
  PUBLIC_URL: publicUrl,
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
