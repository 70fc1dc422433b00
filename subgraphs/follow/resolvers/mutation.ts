import type { Id } from '../../../platform/ids.ts';
import { globalId, rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import type { Context } from '../context.ts';
import type { Distance } from '../distance-store.ts';
import { noSuchAccount, noSuchRequest, refuseSelf } from '../follow.ts';
import type { MutationResolvers } from '../schema.generated.ts';

export const Mutation: MutationResolvers = {
  followUser: async (_, { input }, { caller, follows, limits, loaders, now }) => {
    const { userId: viewerId } = requireViewer(caller.viewer);
    const userId = rowId('user', input.userId);
    const refused = { user: null, followRequest: null, follower: null };
    const refusal =
      refuseSelf(viewerId, userId, "You can't follow yourself.") ?? (await limits.refuse('follow', viewerId));
    if (refusal !== null) return { ...refused, errors: [refusal] };
    const outcome = await follows.follow(viewerId, userId, now());
    loaders.afterWrite();
    if (outcome.type === 'refused') return { ...refused, errors: [outcome.error] };
    return { user: { id: userId }, followRequest: outcome.request, follower: { id: viewerId }, errors: [] };
  },
  unfollowUser: async (_, { input }, { caller, follows, limits, loaders }) => {
    const { userId: viewerId } = requireViewer(caller.viewer);
    const userId = rowId('user', input.userId);
    const refusal = await limits.refuse('unfollow', viewerId);
    if (refusal !== null) return { user: null, follower: null, errors: [refusal] };
    const found = await follows.unfollow(viewerId, userId);
    loaders.afterWrite();
    return found
      ? { user: { id: userId }, follower: { id: viewerId }, errors: [] }
      : { user: null, follower: null, errors: [noSuchAccount()] };
  },
  removeFollower: async (_, { input }, { caller, follows, limits, loaders }) => {
    const { userId: viewerId } = requireViewer(caller.viewer);
    const userId = rowId('user', input.userId);
    const refusal = await limits.refuse('unfollow', viewerId);
    if (refusal !== null) return { user: null, errors: [refusal] };
    const found = await follows.removeFollower(viewerId, userId);
    loaders.afterWrite();
    return found ? { user: { id: userId }, errors: [] } : { user: null, errors: [noSuchAccount()] };
  },

  approveFollowRequest: (_, { input }, context) =>
    answer(input, context, (viewerId, id) => context.follows.approve(viewerId, id, context.now())),
  declineFollowRequest: (_, { input }, context) =>
    answer(input, context, (viewerId, id) => context.follows.decline(viewerId, id)),
  withdrawFollowRequest: (_, { input }, context) =>
    answer(input, context, (viewerId, id) => context.follows.withdraw(viewerId, id)),

  blockUser: (_, { input }, context) => keep('block', input, context, "You can't block yourself."),
  unblockUser: (_, { input }, context) => release('block', input, context),
  muteUser: (_, { input }, context) => keep('mute', input, context, "You can't mute yourself."),
  unmuteUser: (_, { input }, context) => release('mute', input, context),
  hideRetweets: (_, { input }, context) =>
    keep('hidden-retweets', input, context, "You can't hide your own retweets."),
  showRetweets: (_, { input }, context) => release('hidden-retweets', input, context),
};

/** @param end ends the request, and tells who the other one is; null when the viewer has no such request. */
async function answer(
  { followRequestId }: { followRequestId: string },
  { caller, loaders }: Context,
  end: (viewerId: Id, requestId: Id) => Promise<Id | null>,
) {
  const { userId: viewerId } = requireViewer(caller.viewer);
  const id = rowId('request', followRequestId);
  const otherId = await end(viewerId, id);
  loaders.afterWrite();
  return otherId === null
    ? { followRequestId: null, user: null, errors: [noSuchRequest()] }
    : { followRequestId: globalId('request', id), user: { id: otherId }, errors: [] };
}

/** @param self why it can't be done to oneself. */
async function keep(
  distance: Distance,
  input: { userId: string },
  { caller, distances, limits, loaders, now }: Context,
  self: string,
) {
  const { userId: viewerId } = requireViewer(caller.viewer);
  const userId = rowId('user', input.userId);
  const refusal = refuseSelf(viewerId, userId, self) ?? (await limits.refuse('distance', viewerId));
  if (refusal !== null) return { user: null, errors: [refusal] };
  const found = await distances.keep(distance, viewerId, userId, now());
  loaders.afterWrite();
  return found ? { user: { id: userId }, errors: [] } : { user: null, errors: [noSuchAccount()] };
}

async function release(
  distance: Distance,
  input: { userId: string },
  { caller, distances, limits, loaders }: Context,
) {
  const { userId: viewerId } = requireViewer(caller.viewer);
  const userId = rowId('user', input.userId);
  const refusal = await limits.refuse('distance', viewerId);
  if (refusal !== null) return { user: null, errors: [refusal] };
  const found = await distances.release(distance, viewerId, userId);
  loaders.afterWrite();
  return found ? { user: { id: userId }, errors: [] } : { user: null, errors: [noSuchAccount()] };
}
