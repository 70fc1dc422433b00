import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { FollowCounts } from './follow.ts';
import type { FollowStore } from './follow-store.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** They live one request, and each answers for all accounts on a page in one statement. */
export const createLoaders = (store: FollowStore, viewerId: Id | null) => ({
  counts: new DataLoader<Id, FollowCounts>((ids) => store.countsOf(ids)),
  viewerIsFollowing: new DataLoader<Id, boolean>(async (ids) => {
    if (viewerId === null) return ids.map(() => false);
    const followed = await store.followedAmong(viewerId, ids);
    return ids.map((id) => followed.has(id));
  }),
  isFollowingViewer: new DataLoader<Id, boolean>(async (ids) => {
    if (viewerId === null) return ids.map(() => false);
    const followers = await store.followersAmong(viewerId, ids);
    return ids.map((id) => followers.has(id));
  }),
});
