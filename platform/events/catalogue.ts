import { AccountDeleted } from './account-deleted.ts';
import { AccountHidden } from './account-hidden.ts';
import { AccountOpened } from './account-opened.ts';
import { AccountProtectionChanged } from './account-protection-changed.ts';
import { AccountReturned } from './account-returned.ts';
import { FanOutChunk } from './fan-out-chunk.ts';
import { ProfileChanged } from './profile-changed.ts';
import { RetweetUndone } from './retweet-undone.ts';
import { RetweetsHidden } from './retweets-hidden.ts';
import { RetweetsShown } from './retweets-shown.ts';
import { TweetDeleted } from './tweet-deleted.ts';
import { TweetEdited } from './tweet-edited.ts';
import { TweetLiked } from './tweet-liked.ts';
import { TweetPosted } from './tweet-posted.ts';
import { TweetRetweeted } from './tweet-retweeted.ts';
import { TweetUnliked } from './tweet-unliked.ts';
import { UserBlocked } from './user-blocked.ts';
import { UserFollowed } from './user-followed.ts';
import { UserMuted } from './user-muted.ts';
import { UserUnblocked } from './user-unblocked.ts';
import { UserUnfollowed } from './user-unfollowed.ts';
import { UserUnmuted } from './user-unmuted.ts';

/** Everything that services say to one another. */
export const catalogue = [
  AccountOpened,
  AccountHidden,
  AccountReturned,
  AccountDeleted,
  AccountProtectionChanged,
  ProfileChanged,
  TweetPosted,
  TweetDeleted,
  TweetRetweeted,
  RetweetUndone,
  TweetEdited,
  TweetLiked,
  TweetUnliked,
  UserFollowed,
  UserUnfollowed,
  UserBlocked,
  UserUnblocked,
  UserMuted,
  UserUnmuted,
  RetweetsHidden,
  RetweetsShown,
  FanOutChunk,
] as const;
