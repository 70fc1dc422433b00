import type { Caller } from '../viewer.ts';
import type { FollowStore } from './follow-store.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one request share. */
export interface Context {
  caller: Caller;
  follows: FollowStore;
  loaders: Loaders;
  now: () => Date;
}
