import { AccountOpened } from './account-opened.ts';
import { FanOutChunk } from './fan-out-chunk.ts';
import { RetweetUndone } from './retweet-undone.ts';
import { TweetDeleted } from './tweet-deleted.ts';
import { TweetPosted } from './tweet-posted.ts';
import { TweetRetweeted } from './tweet-retweeted.ts';
import { UserFollowed } from './user-followed.ts';
import { UserUnfollowed } from './user-unfollowed.ts';

/** Everything that services say to one another. */
export const catalogue = [
  AccountOpened,
  TweetPosted,
  TweetDeleted,
  TweetRetweeted,
  RetweetUndone,
  UserFollowed,
  UserUnfollowed,
  FanOutChunk,
] as const;
