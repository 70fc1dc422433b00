// Made of the .avsc files by generate.ts.

export interface AccountOpenedV1 {
  userId: string;
  /** As its owner spells it. */
  username: string;
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

export interface RetweetUndoneV1 {
  entryId: string;
  tweetId: string;
  retweeterId: string;
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
}

export interface TweetPostedV1 {
  tweetId: string;
  authorId: string;
  inReplyToId: null | string;
  /** Known even when the parent is gone by now. */
  inReplyToAuthorId: null | string;
  postedAtMs: number;
}

export interface TweetRetweetedV1 {
  entryId: string;
  tweetId: string;
  tweetAuthorId: string;
  retweeterId: string;
  retweetedAtMs: number;
}

export interface UserFollowedV1 {
  followerId: string;
  followeeId: string;
  followedAtMs: number;
}

export interface UserUnfollowedV1 {
  followerId: string;
  followeeId: string;
}
