import type { Id } from '../../platform/ids.ts';
import { invalid, notFound, type NotFoundRefusal, type ValidationRefusal } from '../errors.ts';

/** That one account reads another: `followerId` has the tweets of `followeeId` on the home timeline. */
export interface FollowEdge {
  followerId: Id;
  followeeId: Id;
  followedAt: Date;
}

export interface FollowCounts {
  followerCount: number;
  followingCount: number;
}

/** Why an account can't follow another, as far as the two ids tell; null when it can. */
export const refuseFollow = (followerId: Id, followeeId: Id): ValidationRefusal | null =>
  followerId === followeeId ? invalid(['userId'], 'NOT_ALLOWED', 'You can’t follow yourself.') : null;

export const noSuchAccount = (): NotFoundRefusal => notFound(['userId'], 'There is no such account.');
