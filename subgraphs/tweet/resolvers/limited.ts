import type { Id } from '../../../platform/ids.ts';
import { tooOften, type RateLimitedRefusal } from '../../errors.ts';
import type { Context } from '../context.ts';
import { rates } from '../rates.ts';

/** Counts a use by an account. Empty while it may go on. */
export async function limited(
  { limiter }: Pick<Context, 'limiter'>,
  rate: keyof typeof rates,
  userId: Id,
): Promise<RateLimitedRefusal[]> {
  const { isAllowed, resetMs } = await limiter.use(rates[rate], userId);
  return isAllowed ? [] : [tooOften(resetMs)];
}
