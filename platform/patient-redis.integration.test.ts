import { afterAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { PatientRedis } from './patient-redis.ts';

const redis = new PatientRedis(process.env['REDIS_URL'] ?? '', { commandTimeout: 100 });
afterAll(() => redis.disconnect());

it('takes an answer that came while the process was busy, and waits for no other', async () => {
  await once(redis, 'ready');
  const asked = redis.ping();
  // Nothing else happens in this process meanwhile, and Redis answers.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  expect(await asked).toBe('PONG');
  await expect(redis.blpop('what never comes', 0)).rejects.toThrow('Command timed out');
});
