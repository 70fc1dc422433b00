/**
 * Terminology
 * - *to see* an account: to be shown what it posts and likes and whom it follows. See `World.sees`.
 * - *apart*: a block stands between two people, whoever made it.
 * - *hidden*: a tweet of an account that the viewer does not see, or an account that does not stand.
 *
 * What no rule needs to say, since it holds for every answer: nothing hidden is in it but the id in a tombstone, no
 * tombstone stands for what the viewer may see, and nobody's request or session is anybody else's.
 */
export const RULES = {
  /** Whoever gets the object gets the same. */
  same: 'same for all',
  /** A list of tweets or people: those of all that the viewer may see, and no others. */
  members: 'less what the viewer may not see',
  /** A list of those who liked or retweeted: whom of all the viewer sees, since what they do is hidden with them. */
  doers: 'those whom the viewer sees',
  /** People whom the viewer has something to do with: never any from whom a block keeps them apart. */
  people: 'nobody across a block',
  /** How many there are: as many as the list beside it has, which is whole here. */
  counted: 'as many as are in the list',
  /** Null for those who don't see the account. */
  seers: 'null unless the account is seen',
  /** Null but for the author. */
  author: 'null unless it is the author',
  /** Null when signed out, and only then. */
  signedIn: 'null when signed out',
  /** Of an object that only the viewer has. */
  own: 'about the viewer alone',
  /** What it is part of has a rule. */
  part: 'as what it is part of',
  /** Null where what is named is hidden. */
  named: 'null when what is named is hidden',
  /** A yes or no between viewer and object: `World.flags` says which. */
  flag: 'yes or no, by what stands between the two',
  /** In an answer to whoever did it. */
  told: 'told to who did it',
  /** Comes on a stream. */
  live: 'silent while it is hidden',
  /** A change that whoever is signed out is refused. */
  change: 'refused when signed out',
  /** The same, and refused as `NOT_FOUND` by whom the tweet named is hidden from. */
  changeOfTweet: 'refused when signed out, not found when hidden',
  /** A change that takes no session. */
  open: 'open to all',
} as const;

export type Rule = keyof typeof RULES;

/** By type, then rule: the fields that it is for. A field that the schema has and no row here fails the test. */
export const expectations: Record<string, Partial<Record<Rule, string>>> = {
  Query: {
    named: 'tweet node nodes user',
    same: 'hashtag',
    signedIn: 'viewer homeTimeline homePlacement',
    people: 'suggestedUsers',
    part: 'usernameAvailability',
  },
  Mutation: {
    open: 'signUp signIn signOut refreshSession requestPasswordReset resetPassword verifyEmail',
    change: `followUser unfollowUser removeFollower approveFollowRequest declineFollowRequest withdrawFollowRequest
      muteUser unmuteUser blockUser unblockUser hideRetweets showRetweets moveHomeReadPosition auditHomeTimeline
      createTweet unlikeTweet undoRetweet unbookmarkTweet unpinTweet revokeSession revokeOtherSessions changePassword
      changeEmail requestEmailVerification changeUsername updateProfile setAccountProtection deactivateAccount deleteAccount`,
    changeOfTweet: 'editTweet deleteTweet likeTweet retweet bookmarkTweet pinTweet',
  },
  Subscription: { live: 'homeTimeline tweetDelivery tweet conversation' },

  // Things with an id
  User: {
    same: `id username displayName bio bioEntities location website url avatarUrl bannerUrl joinedAt isProtected
      followerCount followingCount tweetCount`,
    seers: 'followers following followersYouKnow tweets likes pinnedTweet',
    flag: `isViewer viewerIsFollowing isFollowingViewer viewerFollowRequest viewerHasMuted viewerHasBlocked
      hasBlockedViewer viewerHasHiddenRetweets viewerCanSeeTweets`,
  },
  Tweet: {
    same: `id author text entities language url createdAt editedAt revisions conversationId replyPolicy likeCount
      retweetCount replyCount quoteCount inReplyTo quoted`,
    part: 'ancestors replies likedBy retweetedBy quotes',
    flag: `viewerHasLiked viewerHasRetweeted viewerHasBookmarked viewerCanReply viewerCanRetweet viewerCanEdit
      viewerCanDelete`,
    signedIn: 'homePlacement',
    author: 'delivery',
  },
  TweetTombstone: { same: 'id' },
  Hashtag: { same: 'id name url tweetCount', part: 'tweets' },
  Viewer: {
    own: `id followRequests sentFollowRequests mutedUsers blockedUsers hiddenRetweetUsers homeReadPosition
      timelineAudit bookmarks user account sessions`,
  },
  FollowRequest: { own: 'id requester target requestedAt' },
  Session: { own: 'id deviceName ipAddress place signedInAt lastUsedAt expiresAt isCurrent' },
  Account: { own: 'email emailVerifiedAt passwordChangedAt usernameChangedAt' },

  // Lists of tweets
  TweetConnection: { members: 'edges nodes', part: 'pageInfo' },
  TweetEdge: { part: 'cursor node' },
  UserTweetConnection: { members: 'edges nodes', part: 'pageInfo' },
  UserTweetEdge: { part: 'cursor node retweetedAt' },
  LikedTweetConnection: { members: 'edges nodes', part: 'pageInfo' },
  LikedTweetEdge: { part: 'cursor node likedAt' },
  ReplyConnection: { members: 'edges nodes', part: 'pageInfo liveCursor' },
  AncestorConnection: { same: 'edges nodes', part: 'pageInfo' },
  ThreadEdge: { part: 'cursor node' },
  BookmarkConnection: { own: 'edges nodes pageInfo' },
  BookmarkEdge: { own: 'cursor node bookmarkedAt' },
  TweetRevision: { same: 'text createdAt', part: 'entities' },

  // Lists of people
  FollowConnection: { members: 'edges nodes', part: 'pageInfo' },
  FollowEdge: { part: 'cursor node followedAt' },
  LikerConnection: { doers: 'edges nodes', part: 'pageInfo' },
  LikerEdge: { part: 'cursor node likedAt' },
  RetweeterConnection: { doers: 'edges nodes', part: 'pageInfo' },
  RetweeterEdge: { part: 'cursor node retweetedAt' },
  FollowersYouKnowConnection: { people: 'edges nodes', counted: 'count', part: 'pageInfo' },
  FollowersYouKnowEdge: { part: 'cursor node' },
  FollowRequestConnection: { own: 'edges nodes pageInfo', counted: 'totalCount' },
  FollowRequestEdge: { own: 'cursor node' },
  MuteConnection: { own: 'edges nodes pageInfo' },
  MuteEdge: { own: 'cursor node mutedAt' },
  BlockConnection: { own: 'edges nodes pageInfo' },
  BlockEdge: { own: 'cursor node blockedAt' },
  HiddenRetweetsConnection: { own: 'edges nodes pageInfo' },
  HiddenRetweetsEdge: { own: 'cursor node hiddenAt' },
  UserSuggestion: { part: 'user because explanation' },
  UsernameAvailability: { part: 'username isAvailable constraint suggestions' },
  PageInfo: { part: 'hasNextPage hasPreviousPage startCursor endCursor' },

  // What a text is made of
  MentionEntity: { same: 'start end user' },
  HashtagEntity: { same: 'start end hashtag' },
  LinkEntity: { same: 'start end url displayText' },

  // The home timeline
  HomeTimelineConnection: { own: 'edges nodes pageInfo liveCursor' },
  HomeTimelineEdge: { own: 'cursor node enteredAt because' },
  OwnPost: { own: 'explanation path retweetedAt' },
  FollowedAuthor: { own: 'explanation path author followedAt answering' },
  FollowedRetweeter: { own: 'explanation path retweeter retweetedAt followedAt alsoRetweetedBy' },
  HomePlacement: { own: 'verdict explanation user edge' },
  HomeReadPosition: { own: 'edgeCursor edge newerCount movedAt' },
  TimelineAudit: { own: 'checkedAt comparedCount missingCount surplusCount isExact repairedAt' },
  TweetDelivery: {
    part: `audienceCount reachedCount reachedLiveCount mergedOnReadCount awayCount p50Ms p99Ms isComplete updatedAt`,
  },

  // Streams
  HomeTimelineEntriesAdded: { live: 'cursor edges' },
  HomeTimelineEntriesRemoved: { live: 'cursor edgeCursors tweetIds' },
  HomeTimelineReset: { live: 'cursor cause' },
  HomeReadPositionMoved: { live: 'cursor viewer' },
  TimelineGap: { live: 'cursor after before since until approximateCount' },
  TweetCountsChanged: { live: 'cursor tweet' },
  TweetEdited: { live: 'cursor tweet' },
  TweetRemoved: { live: 'cursor tweetId' },
  ReplyAdded: { live: 'cursor edge' },
  TweetDeliveryChanged: { live: 'cursor tweet' },

  // Answers to changes
  ApproveFollowRequestPayload: { told: 'followRequestId user errors' },
  AuditHomeTimelinePayload: { told: 'viewer errors' },
  BlockUserPayload: { told: 'user errors' },
  BookmarkTweetPayload: { told: 'tweet errors' },
  ChangeEmailPayload: { told: 'viewer errors' },
  ChangePasswordPayload: { told: 'viewer revokedSessionIds errors' },
  ChangeUsernamePayload: { told: 'user previousUsernameHeldUntil errors' },
  CreateTweetPayload: { told: 'tweet inReplyTo errors' },
  DeactivateAccountPayload: { told: 'deactivatedUserId recoverableUntil errors' },
  DeclineFollowRequestPayload: { told: 'followRequestId user errors' },
  DeleteAccountPayload: { told: 'deletedUserId usernameHeldUntil errors' },
  DeleteTweetPayload: { told: 'deletedTweetId inReplyTo errors' },
  EditTweetPayload: { told: 'tweet errors' },
  FollowUserPayload: { told: 'user followRequest follower errors' },
  ForbiddenError: { told: 'code message field' },
  HideRetweetsPayload: { told: 'user errors' },
  IdempotencyConflictError: { told: 'code message field tweet' },
  LikeTweetPayload: { told: 'tweet errors' },
  MoveHomeReadPositionPayload: { told: 'viewer errors' },
  MuteUserPayload: { told: 'user errors' },
  NotFoundError: { told: 'code message field' },
  PinTweetPayload: { told: 'user errors' },
  RateLimitedError: { told: 'code message field retryAfterMs' },
  RefreshSessionPayload: { told: 'session tokens errors' },
  RemoveFollowerPayload: { told: 'user errors' },
  RequestEmailVerificationPayload: { told: 'email errors' },
  RequestPasswordResetPayload: { told: 'linkLifetimeMinutes errors' },
  ResetPasswordPayload: { told: 'username errors' },
  RetweetPayload: { told: 'tweet errors' },
  RevokeOtherSessionsPayload: { told: 'revokedSessionIds' },
  RevokeSessionPayload: { told: 'revokedSessionId errors' },
  SessionEndedError: { told: 'code message field' },
  SessionTokens: { told: 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt' },
  SetAccountProtectionPayload: { told: 'user errors' },
  ShowRetweetsPayload: { told: 'user errors' },
  SignInPayload: { told: 'viewer session tokens wasReactivated errors' },
  SignOutPayload: { told: 'endedSessionId' },
  SignUpPayload: { told: 'viewer session tokens errors' },
  UnblockUserPayload: { told: 'user errors' },
  UnbookmarkTweetPayload: { told: 'tweet errors' },
  UndoRetweetPayload: { told: 'tweet errors' },
  UnfollowUserPayload: { told: 'user follower errors' },
  UnlikeTweetPayload: { told: 'tweet errors' },
  UnmuteUserPayload: { told: 'user errors' },
  UnpinTweetPayload: { told: 'user errors' },
  UpdateProfilePayload: { told: 'user errors' },
  UsernameTakenError: { told: 'code message field suggestions' },
  ValidationError: { told: 'code message field constraint limit' },
  VerifyEmailPayload: { told: 'email errors' },
  WithdrawFollowRequestPayload: { told: 'followRequestId user errors' },
  WrongCredentialsError: { told: 'code message field' },
};

/** `Type.field` of all that a rule is for. */
export const fieldsOf = (rule: Rule): string[] =>
  Object.entries(expectations).flatMap(([type, rules]) =>
    (rules[rule] ?? '').split(/\s+/).flatMap((field) => (field === '' ? [] : [`${type}.${field}`])),
  );
