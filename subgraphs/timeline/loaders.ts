import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { HomePlacement, Placements } from './placements.ts';
import type { TweetDeliveries, TweetDelivery } from './tweet-delivery.ts';
import type { FirstRetweet, VisibilityGate } from './visibility-gate.ts';

export type Loaders = ReturnType<typeof createLoaders>;

export interface LoadersDeps {
  gate: VisibilityGate;
  placements: Placements;
  tweetDeliveries: TweetDeliveries;
  viewerId: Id | null;
}

/** They live one request. Without a cache: for a subscription that is as long as the stream. */
export function createLoaders({ gate, placements, tweetDeliveries, viewerId }: LoadersDeps) {
  /** One call for all that are asked for together. Nobody who is signed out asks. */
  const batch = <Key, Value>(load: (viewerId: Id, keys: readonly Key[]) => Promise<Value[]>) =>
    new DataLoader<Key, Value>((keys) => load(viewerId ?? '0', keys), { cache: false });
  return {
    alsoRetweetedBy: batch<FirstRetweet, Id[]>(gate.alsoRetweetedBy),
    placement: batch<Id, HomePlacement>(placements.of),
    delivery: batch<Id, TweetDelivery | null>(tweetDeliveries.of),
  };
}
