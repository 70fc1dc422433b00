import type { Viewer } from '../viewer.ts';
import type { HomeTimeline } from './home-timeline.ts';
import type { LiveHome } from './live-home.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one request share. */
export interface Context {
  viewer: Viewer | null;
  timeline: HomeTimeline;
  live: LiveHome;
  loaders: Loaders;
  now: () => number;
}
