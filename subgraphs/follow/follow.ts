import type { Id } from '../../platform/ids.ts';
import {
  forbidden,
  invalid,
  notFound,
  type ForbiddenRefusal,
  type NotFoundRefusal,
  type ValidationRefusal,
} from '../errors.ts';

/** Who follows and who is followed: `followerId` has the tweets of `followeeId` on the home timeline. */
export interface Edge {
  followerId: Id;
  followeeId: Id;
}

/** Somebody's wish to follow a protected account. */
export interface FollowRequest {
  id: Id;
  requesterId: Id;
  targetId: Id;
  requestedAt: Date;
}

export interface FollowCounts {
  followerCount: number;
  followingCount: number;
}

/** What stands between a viewer and an account. */
export interface Relation {
  viewerIsFollowing: boolean;
  isFollowingViewer: boolean;
  viewerFollowRequest: FollowRequest | null;
  viewerHasMuted: boolean;
  viewerHasBlocked: boolean;
  hasBlockedViewer: boolean;
  viewerHasHiddenRetweets: boolean;
  isProtected: boolean;
}

/** What a wish to follow comes to. */
export type FollowDecision =
  | { type: 'refused'; error: NotFoundRefusal | ForbiddenRefusal }
  /** It follows already, or waits already. */
  | { type: 'unchanged' }
  | { type: 'follow' }
  | { type: 'request' };

/** @param relation null when there is no such account. */
export function decideFollow(relation: Relation | null): FollowDecision {
  if (relation === null) return { type: 'refused', error: noSuchAccount() };
  if (relation.viewerHasBlocked)
    return { type: 'refused', error: forbidden(['userId'], 'You block this account. Unblock it first.') };
  if (relation.hasBlockedViewer)
    return { type: 'refused', error: forbidden(['userId'], 'This account blocks you.') };
  if (relation.viewerIsFollowing) return { type: 'unchanged' };
  if (!relation.isProtected) return { type: 'follow' };
  return relation.viewerFollowRequest === null ? { type: 'request' } : { type: 'unchanged' };
}

/** Why somebody can't do this to an account, as far as the two ids tell; null when there is no reason. */
export const refuseSelf = (viewerId: Id, userId: Id, message: string): ValidationRefusal | null =>
  viewerId === userId ? invalid(['userId'], 'NOT_ALLOWED', message) : null;

export const noSuchAccount = (): NotFoundRefusal => notFound(['userId'], 'There is no such account.');

/** The same whether it was answered, withdrawn, never made, or is somebody else's. */
export const noSuchRequest = (): NotFoundRefusal =>
  notFound(['followRequestId'], 'There is no such request any more.');
