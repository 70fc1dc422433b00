import type { RateLimiter } from '../../platform/rate-limiter.ts';
import type { Viewer } from '../viewer.ts';
import type { Audits } from './audit.ts';
import type { HomeTimeline } from './home-timeline.ts';
import type { LiveHome } from './live-home.ts';
import type { Loaders } from './loaders.ts';
import type { ReadPositions } from './read-position.ts';
import type { TweetDeliveries } from './tweet-delivery.ts';

/** What the resolvers of one request share. */
export interface Context {
  viewer: Viewer | null;
  timeline: HomeTimeline;
  live: LiveHome;
  tweetDeliveries: TweetDeliveries;
  readPositions: ReadPositions;
  audits: Audits;
  limiter: RateLimiter;
  loaders: Loaders;
  now: () => number;
}
