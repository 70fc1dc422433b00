import { connectionOf, pageOf } from '../../connection.ts';
import { globalId, rowId } from '../../global-id.ts';
import { cursorAt } from '../keyset.ts';
import type { Neighbour } from '../list-store.ts';
import type { UserResolvers } from '../schema.generated.ts';

/** Cursors are of one list of one account. */
const edgeIn =
  (list: string) =>
  ({ userId, followedAt }: Neighbour) => ({
    cursor: cursorAt(list, followedAt, userId),
    node: { id: userId },
    followedAt,
  });

export const User: UserResolvers = {
  __resolveReference: async ({ id: reference }, { loaders }) => {
    const id = rowId('user', reference);
    return (await loaders.relation.load(id)) === null ? null : { id };
  },
  id: ({ id }) => globalId('user', id),
  followerCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).followerCount,
  followingCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).followingCount,
  followers: async ({ id }, args, { loaders }) => {
    const list = `followers-${id}`;
    const page = pageOf(list, args);
    const rows = await loaders.followers.load(id, page);
    return rows && connectionOf(page, rows, edgeIn(list));
  },
  following: async ({ id }, args, { loaders }) => {
    const list = `following-${id}`;
    const page = pageOf(list, args);
    const rows = await loaders.following.load(id, page);
    return rows && connectionOf(page, rows, edgeIn(list));
  },
  followersYouKnow: async ({ id }, args, { loaders }) => {
    // By when the viewer followed each, so that a cursor fits any account's.
    const list = 'followers-you-know';
    const page = pageOf(list, args);
    const rows = await loaders.knownFollowers.load(id, page);
    return rows && { ...connectionOf(page, rows, edgeIn(list)), userId: id };
  },
  viewerIsFollowing: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.viewerIsFollowing ?? false,
  isFollowingViewer: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.isFollowingViewer ?? false,
  viewerFollowRequest: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.viewerFollowRequest ?? null,
  viewerHasMuted: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.viewerHasMuted ?? false,
  viewerHasBlocked: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.viewerHasBlocked ?? false,
  hasBlockedViewer: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.hasBlockedViewer ?? false,
  viewerHasHiddenRetweets: async ({ id }, _, { loaders }) =>
    (await loaders.relation.load(id))?.viewerHasHiddenRetweets ?? false,
};
