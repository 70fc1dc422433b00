import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { FirstRetweet, VisibilityGate } from './visibility-gate.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** They live one request. Without a cache: for a subscription that is as long as the stream. */
export const createLoaders = (gate: VisibilityGate, viewerId: Id | null) => ({
  alsoRetweetedBy: new DataLoader<FirstRetweet, Id[]>(
    (entries) =>
      viewerId === null ? Promise.resolve(entries.map(() => [])) : gate.alsoRetweetedBy(viewerId, entries),
    { cache: false },
  ),
});
