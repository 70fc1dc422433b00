'use client';

import { Calendar, Link2, MapPin } from 'lucide-react';
import { useState } from 'react';
import { gql } from '../graphql.generated/index.ts';
import type { ProfileHeadFragment } from '../graphql.generated/graphql.ts';
import { EditProfile } from './edit-profile.tsx';
import { Face } from './face.tsx';
import { FollowButton } from './follow-button.tsx';
import { monthWritten } from './moments.ts';
import { TweetText } from './tweet-text.tsx';

export const ProfileHeadOfUser = gql(`
  fragment ProfileHead on User {
    id
    username
    displayName
    bio
    bioEntities {
      ...TextPart
    }
    location
    website
    joinedAt
    isProtected
    isViewer
    isFollowingViewer
    followingCount
    large: avatarUrl(size: 256)
    ...Face
    ...FollowButton
  }
`);

const counted = new Intl.NumberFormat('en');
const icon = { strokeWidth: 1.75, 'aria-hidden': true } as const;

/** Who an account is. One's own can be edited here; another's can be followed. */
export function ProfileHead({ user }: { user: ProfileHeadFragment }) {
  const [editing, setEditing] = useState(false);
  return (
    <>
      <div className="cover">
        <div className="perched">
          <Face user={{ ...user, avatarUrl: user.large }} size="whole" />
        </div>
      </div>
      <div className="bio">
        <div className="row">
          <div className="grow">
            <h2>{user.displayName}</h2>
            <div className="handle">
              @{user.username}
              {user.isFollowingViewer === true && <span className="tag">Follows you</span>}
              {user.isProtected && <span className="tag">Protected</span>}
            </div>
          </div>
          {user.isViewer ? (
            <button type="button" className="btn btn-line" onClick={() => setEditing(true)}>
              Edit profile
            </button>
          ) : (
            <FollowButton user={user} />
          )}
        </div>
        {user.bio !== '' && <TweetText text={user.bio} entities={user.bioEntities} />}
        <div className="facts">
          {user.location !== null && (
            <span>
              <MapPin {...icon} />
              {user.location}
            </span>
          )}
          {user.website !== null && (
            <a className="inline-link" href={user.website} target="_blank" rel="noopener nofollow">
              <Link2 {...icon} />
              {user.website.replace(/^https?:\/\/|\/$/g, '')}
            </a>
          )}
          <span>
            <Calendar {...icon} />
            Joined {monthWritten(new Date(user.joinedAt), 'UTC')}
          </span>
        </div>
        <div className="counts">
          {user.followingCount !== null && (
            <span>
              <b>{counted.format(user.followingCount)}</b> Following
            </span>
          )}
          {user.followerCount !== null && (
            <span>
              <b>{counted.format(user.followerCount)}</b>{' '}
              {user.followerCount === 1 ? 'Follower' : 'Followers'}
            </span>
          )}
        </div>
      </div>
      {editing && <EditProfile user={user} onClose={() => setEditing(false)} />}
    </>
  );
}
