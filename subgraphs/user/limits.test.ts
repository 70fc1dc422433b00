import { expect, it } from '@jest/globals';
import { createLog } from '../../platform/process/log.ts';
import { createRateLimiter } from '../../platform/rate-limiter.ts';
import { createLimits } from './limits.ts';

const log = createLog('test').child({}, { level: 'silent' });

/** A hundredth of what people have: ten passwords, of which one may be wrong. */
const limits = () => createLimits(createRateLimiter({ url: null, keyPrefix: '', scale: 0.01, log }));

it('stop who signs in all the time, though the password is right, and nobody elsewhere', async () => {
  const { tryPassword } = limits();
  const signIn = async (address: string) => {
    const { refused, right } = await tryPassword({ login: 'ada', address, isTrusted: false });
    if (refused === null) await right();
    return refused?.code ?? 'in';
  };
  for (let n = 0; n < 10; n++) expect(await signIn('192.0.2.1')).toBe('in');
  expect(await signIn('192.0.2.1')).toBe('RATE_LIMITED');
  expect(await signIn('192.0.2.2')).toBe('in');
});
