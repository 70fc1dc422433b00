import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, generateSecrets, loadSecrets } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roost-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const urls = {
  databaseUrl: 'postgresql://admin:root@127.0.0.1:5432/roost?sslmode=disable',
  databaseReplicaUrl: 'postgresql://admin:root@127.0.0.1:5433/roost',
  redisUrl: 'redis://127.0.0.1:6379',
  kafkaBrokers: '127.0.0.1:9092',
};

describe('loadSecrets', () => {
  it('makes them once, for their owner only', () => {
    const secrets = loadSecrets(folder);
    expect(loadSecrets(folder)).toEqual(secrets);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(Buffer.from(secrets.assertionKeys.tweet, 'base64url')).toHaveLength(32);
    const key = Buffer.from(secrets.sessionSigningKey, 'base64');
    expect(createPrivateKey({ key, format: 'der', type: 'pkcs8' }).asymmetricKeyType).toBe('ed25519');
  });

  it('refuses a damaged file instead of locking everybody out with new ones', () => {
    writeFileSync(join(folder, 'secrets.json'), '{"rolePasswords":');
    expect(() => loadSecrets(folder)).toThrow('is damaged');
  });
});

describe('childEnvironment', () => {
  const secrets = generateSecrets();

  it('gives each subgraph its own role on the server and database of the admin, and not the admin', () => {
    const env = childEnvironment(urls, secrets, { DATABASE_URL: urls.databaseUrl, TZ: 'UTC' });
    expect(env.TWEET_DATABASE_URL).toBe(
      `postgresql://roost_tweet:${secrets.rolePasswords.tweet}@127.0.0.1:5432/roost?sslmode=disable`,
    );
    expect(env.FOLLOW_DATABASE_REPLICA_URL).toContain('roost_follow:');
    expect(env).toMatchObject({ REDIS_URL: urls.redisUrl, KAFKA_BROKERS: urls.kafkaBrokers, TZ: 'UTC' });
    expect(JSON.stringify(env)).not.toContain('admin:root');
  });

  it('lets what is set already win, but not what is set to nothing', () => {
    const env = childEnvironment(urls, secrets, {
      USER_DATABASE_URL: 'postgresql://mine',
      USER_ASSERTION_KEY: '',
    });
    expect(env.USER_DATABASE_URL).toBe('postgresql://mine');
    expect(env.USER_ASSERTION_KEY).toBe(secrets.assertionKeys.user);
  });
});
