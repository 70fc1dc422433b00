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
    isProtected
    viewerIsFollowing
    viewerFollowRequest {
      id
    }
  }
`);

/** Follows an account, asks to when it is protected, or ends either. Nothing while follows are out of reach. */
export function FollowButton({ user }: { user: FollowButtonFragment }) {
  const follow = useFollow();
  const signedIn = useSignedIn();
  if (user.viewerIsFollowing === null) return null;
  const [label, spoken] =
    user.viewerFollowRequest !== null
      ? ['Requested', `Requested to follow ${user.displayName}. Press to withdraw`]
      : user.viewerIsFollowing
        ? ['Following', `Following ${user.displayName}. Press to unfollow`]
        : ['Follow', `Follow ${user.displayName}`];
  return (
    <button
      type="button"
      className={`btn min-w-[98px] ${label === 'Follow' ? 'btn-ink' : 'btn-line'}`}
      aria-label={spoken}
      onClick={() => signedIn(`follow @${user.username}`) && void follow(user)}
    >
      {label}
    </button>
  );
}
