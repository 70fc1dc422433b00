'use client';

import { useFollow } from '../apollo/optimistic.ts';
import { gql } from '../graphql.generated/index.ts';
import type { FollowButtonFragment } from '../graphql.generated/graphql.ts';
import { useSignedIn } from './sign-in-first.tsx';

export const FollowButtonOfUser = gql(`
  fragment FollowButton on User {
    id
    username
    displayName
    followerCount
    viewerIsFollowing
  }
`);

/** Follows an account, or ends that. Nothing while follows are out of reach. */
export function FollowButton({ user }: { user: FollowButtonFragment }) {
  const follow = useFollow();
  const signedIn = useSignedIn();
  if (user.viewerIsFollowing === null) return null;
  const following = user.viewerIsFollowing;
  return (
    <button
      type="button"
      className={`btn min-w-[98px] ${following ? 'btn-line' : 'btn-ink'}`}
      aria-label={
        following ? `Following ${user.displayName}. Press to unfollow` : `Follow ${user.displayName}`
      }
      onClick={() => signedIn(`follow @${user.username}`) && void follow(user)}
    >
      {following ? 'Following' : 'Follow'}
    </button>
  );
}
