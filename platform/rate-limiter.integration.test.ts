import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { until } from '../tests/until.ts';
import { createLog } from './process/log.ts';
import { createRateLimiter, rateLimitScale, type RateLimiter } from './rate-limiter.ts';

const log = createLog('test').child({}, { level: 'silent' });
const url = process.env['REDIS_URL'] ?? '';
const open: RateLimiter[] = [];

const aLimiter = (options: { url?: string | null; keyPrefix?: string; scale?: number } = {}) => {
  const limiter = createRateLimiter({ url, keyPrefix: `${randomUUID()}:`, scale: 1, log, ...options });
  open.push(limiter);
  return limiter;
};

afterEach(() => open.splice(0).forEach((limiter) => limiter.close()));

const twice = { name: 'twice', count: 2, perSeconds: 3600 };

describe('a rate limiter', () => {
  it('allows as many uses as the rate says, by each key, and then tells when to come back', async () => {
    const limiter = aLimiter();
    expect(await limiter.use(twice, 'ada')).toMatchObject({ isAllowed: true, remaining: 1 });
    expect(await limiter.use(twice, 'ada')).toMatchObject({ isAllowed: true, remaining: 0 });
    const refused = await limiter.use(twice, 'ada');
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0, limit: 2 });
    expect(refused.resetMs).toBeGreaterThan(0);
    expect(await limiter.use(twice, 'bob')).toMatchObject({ isAllowed: true });
  });

  it('counts for all processes together', async () => {
    const keyPrefix = `${randomUUID()}:`;
    const [one, other] = [aLimiter({ keyPrefix }), aLimiter({ keyPrefix })];
    // Until both are connected each counts for itself.
    await until('both count in Redis', async () => {
      await one.use(twice, 'probe');
      return (await other.use(twice, 'probe', 0)).remaining < 2;
    });
    await one.use(twice, 'ada', 2);
    expect(await other.use(twice, 'ada')).toMatchObject({ isAllowed: false });
  });

  it('takes uses back', async () => {
    for (const limiter of [aLimiter(), aLimiter({ url: 'redis://127.0.0.1:1' })]) {
      for (let n = 0; n < 5; n++) {
        expect(await limiter.use(twice, 'ada')).toMatchObject({ isAllowed: true });
        await limiter.giveBack(twice, 'ada');
      }
      expect(await limiter.use(twice, 'ada', 0)).toMatchObject({ remaining: 2 });
    }
  });

  it('tells what is left, without counting', async () => {
    const limiter = aLimiter();
    expect(await limiter.use(twice, 'ada', 0)).toMatchObject({ isAllowed: true, remaining: 2 });
    expect(await limiter.use(twice, 'ada', 0)).toMatchObject({ isAllowed: true, remaining: 2 });
  });

  it('goes on counting while Redis is away', async () => {
    const limiter = aLimiter({ url: 'redis://127.0.0.1:1' });
    await limiter.use(twice, 'ada');
    await limiter.use(twice, 'ada');
    expect(await limiter.use(twice, 'ada')).toMatchObject({ isAllowed: false });
  });

  it('counts by itself where there is no Redis', async () => {
    const limiter = aLimiter({ url: null });
    await limiter.use(twice, 'ada', 2);
    expect(await limiter.use(twice, 'ada')).toMatchObject({ isAllowed: false });
  });

  it('multiplies every limit by the scale', async () => {
    expect(await aLimiter({ scale: 100 }).use(twice, 'ada')).toMatchObject({ limit: 200, remaining: 199 });
    expect(rateLimitScale.parse(undefined)).toBe(1);
    expect(rateLimitScale.safeParse('0').success).toBe(false);
    expect(rateLimitScale.safeParse('many').success).toBe(false);
  });
});
