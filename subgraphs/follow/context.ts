import type { Id } from '../../platform/ids.ts';
import type { Caller } from '../viewer.ts';
import type { DistanceStore } from './distance-store.ts';
import type { FollowStore } from './follow-store.ts';
import type { Limits } from './limits.ts';
import type { Loaders } from './loaders.ts';
import type { RequestStore } from './request-store.ts';
import type { Suggestion } from './suggestions.ts';

/** What the resolvers of one request share. */
export interface Context {
  caller: Caller;
  /** Of who is signed in; null when signed out. */
  viewerId: Id | null;
  follows: FollowStore;
  requests: RequestStore;
  distances: DistanceStore;
  loaders: Loaders;
  limits: Limits;
  suggest(viewerId: Id | null, first: number): Promise<Suggestion[]>;
  now(): Date;
}
