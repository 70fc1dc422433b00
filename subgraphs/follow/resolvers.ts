import { connectionOf, cursorOf, pageOf } from '../connection.ts';
import { globalId, rowId } from '../global-id.ts';
import { DateTime } from '../scalars.ts';
import { requireViewer } from '../viewer.ts';
import { noSuchAccount, refuseFollow } from './follow.ts';
import type { Neighbour } from './follow-store.ts';
import type { Resolvers } from './schema.generated.ts';

const user = (id: string) => ({ id: globalId('user', id) });

const edgeIn =
  (list: string) =>
  ({ userId, followedAt }: Neighbour) => ({
    cursor: cursorOf(list, String(followedAt.getTime()), userId),
    node: user(userId),
    followedAt,
  });

export const resolvers: Resolvers = {
  DateTime,
  Mutation: {
    followUser: async (_, { input }, { caller, follows, now }) => {
      const { userId: followerId } = requireViewer(caller.viewer);
      const followeeId = rowId('user', input.userId);
      const refusal = refuseFollow(followerId, followeeId);
      if (refusal !== null) return { user: null, follower: null, errors: [refusal] };
      const done = await follows.follow({ followerId, followeeId, followedAt: now() });
      return done === null
        ? { user: null, follower: null, errors: [noSuchAccount()] }
        : { user: user(followeeId), follower: user(followerId), errors: [] };
    },
    unfollowUser: async (_, { input }, { caller, follows }) => {
      const { userId: followerId } = requireViewer(caller.viewer);
      const followeeId = rowId('user', input.userId);
      const done = await follows.unfollow({ followerId, followeeId });
      return done === null
        ? { user: null, follower: null, errors: [noSuchAccount()] }
        : { user: user(followeeId), follower: user(followerId), errors: [] };
    },
  },
  User: {
    __resolveReference: ({ id }) => user(rowId('user', id)),
    followerCount: async ({ id }, _, { loaders }) =>
      (await loaders.counts.load(rowId('user', id))).followerCount,
    followingCount: async ({ id }, _, { loaders }) =>
      (await loaders.counts.load(rowId('user', id))).followingCount,
    followers: async ({ id }, args, { caller, follows }) => {
      const page = pageOf('followers', args);
      const rows = await follows.followersOf(rowId('user', id), page, caller);
      return connectionOf(page, rows, edgeIn('followers'));
    },
    following: async ({ id }, args, { caller, follows }) => {
      const page = pageOf('following', args);
      const rows = await follows.followedBy(rowId('user', id), page, caller);
      return connectionOf(page, rows, edgeIn('following'));
    },
    viewerIsFollowing: ({ id }, _, { loaders }) => loaders.viewerIsFollowing.load(rowId('user', id)),
    isFollowingViewer: ({ id }, _, { loaders }) => loaders.isFollowingViewer.load(rowId('user', id)),
  },
};
