// Made of the .avsc files by generate.ts.

export interface AccountDeletedV1 {
  userId: string;
}

export interface AccountHiddenV1 {
  userId: string;
}

export interface AccountOpenedV1 {
  userId: string;
  /** As its owner spells it. */
  username: string;
}

export interface AccountProtectionChangedV1 {
  userId: string;
  isProtected: boolean;
}

export interface AccountReturnedV1 {
  userId: string;
}

export interface FanOutChunkV1 {
  kind: 'ADDED' | 'REMOVED';
  entryId: string;
  tweetId: string;
  /** Whose followers are told. */
  authorId: string;
  /** Only followers whose id is greater; null for those from the first on. */
  afterFollowerId: null | string;
  /** Up to this one, which belongs to the chunk; null for all that are left. */
  throughFollowerId: null | string;
}

export interface ProfileChangedV1 {
  userId: string;
}

export interface RetweetUndoneV1 {
  entryId: string;
  tweetId: string;
  retweeterId: string;
}

export interface RetweetsHiddenV1 {
  viewerId: string;
  userId: string;
  hiddenAtMs: number;
}

export interface RetweetsShownV1 {
  viewerId: string;
  userId: string;
}

export interface RetweetEntryV1 {
  entryId: string;
  retweeterId: string;
}

export interface TweetDeletedV1 {
  tweetId: string;
  authorId: string;
  /** Retweets that went with the tweet: at most 1000 are named, reads leave out the others. */
  retweetEntries: RetweetEntryV1[];
  inReplyToId: null | string;
  /** Null in events from before it was told. */
  conversationId: null | string;
  quotedId: null | string;
}

export interface TweetEditedV1 {
  tweetId: string;
  authorId: string;
  conversationId: string;
  editedAtMs: number;
}

export interface TweetLikedV1 {
  tweetId: string;
  tweetAuthorId: string;
  userId: string;
  likedAtMs: number;
}

export interface TweetPostedV1 {
  tweetId: string;
  authorId: string;
  inReplyToId: null | string;
  /** Known even when the parent is gone by now. */
  inReplyToAuthorId: null | string;
  postedAtMs: number;
  /** Null in events from before it was told. */
  conversationId: null | string;
  quotedId: null | string;
  quotedAuthorId: null | string;
}

export interface TweetRetweetedV1 {
  entryId: string;
  tweetId: string;
  tweetAuthorId: string;
  retweeterId: string;
  retweetedAtMs: number;
}

export interface TweetUnlikedV1 {
  tweetId: string;
  userId: string;
}

export interface UserBlockedV1 {
  blockerId: string;
  blockedId: string;
  blockedAtMs: number;
}

export interface UserFollowedV1 {
  followerId: string;
  followeeId: string;
  followedAtMs: number;
}

export interface UserMutedV1 {
  muterId: string;
  mutedId: string;
  mutedAtMs: number;
}

export interface UserUnblockedV1 {
  blockerId: string;
  blockedId: string;
}

export interface UserUnfollowedV1 {
  followerId: string;
  followeeId: string;
}

export interface UserUnmutedV1 {
  muterId: string;
  mutedId: string;
}
