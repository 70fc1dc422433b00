import { expect, it } from '@jest/globals';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { createLimits } from './limits.ts';

const log = createLog('test').child({}, { level: 'silent' });

/** A hundredth of what people have: ten passwords, of which one may be wrong. */
const limiter = () => createRateLimiter({ url: null, keyPrefix: '', scale: 0.01, log });

it('stop who signs in all the time, though the password is right, and nobody elsewhere', async () => {
  const { tryPassword } = createLimits(limiter());
  const signIn = async (address: string) => {
    const { refused, right } = await tryPassword({ login: 'ada', address, isTrusted: false });
    if (refused === null) await right();
    return refused?.code ?? 'in';
  };
  for (let n = 0; n < 10; n++) expect(await signIn('192.0.2.1')).toBe('in');
  expect(await signIn('192.0.2.1')).toBe('RATE_LIMITED');
  expect(await signIn('192.0.2.2')).toBe('in');
});

it('count no logins that are made up at an address that may try no more', async () => {
  const counting = limiter();
  const keys: string[] = [];
  const use: typeof counting.use = (rate, key, uses) => {
    keys.push(key);
    return counting.use(rate, key, uses);
  };
  const { tryPassword } = createLimits({ ...counting, use });
  for (let n = 0; n < 5; n++)
    await tryPassword({ login: `made up ${n}`, address: '192.0.2.1', isTrusted: false });
  // Of the address, and once of an account there and anywhere.
  expect(new Set(keys).size).toBe(3);
});
