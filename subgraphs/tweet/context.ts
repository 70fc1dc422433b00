import type { RateLimiter } from '../../platform/rate-limiter.ts';
import type { Caller } from '../viewer.ts';
import type { Live } from './live.ts';
import type { Loaders } from './loaders.ts';
import type { Stores } from './stores.ts';

/** What the resolvers of one request share. */
export interface Context extends Stores {
  caller: Caller;
  loaders: Loaders;
  limiter: RateLimiter;
  live: Live;
  /** The page of a tweet, or of a hashtag, to share. */
  addressOf(page: 'tweets' | 'hashtags', name: string): string;
  now(): Date;
}
