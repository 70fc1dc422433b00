// The operations of optimistic.ts.
import { gql } from '../graphql.generated/index.ts';

export const LikeTweet = gql(`
  mutation LikeTweet($tweetId: ID!) {
    likeTweet(input: { tweetId: $tweetId }) {
      tweet {
        id
        likeCount
        viewerHasLiked
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const UnlikeTweet = gql(`
  mutation UnlikeTweet($tweetId: ID!) {
    unlikeTweet(input: { tweetId: $tweetId }) {
      tweet {
        id
        likeCount
        viewerHasLiked
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const Retweet = gql(`
  mutation Retweet($tweetId: ID!) {
    retweet(input: { tweetId: $tweetId }) {
      tweet {
        id
        retweetCount
        viewerHasRetweeted
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const UndoRetweet = gql(`
  mutation UndoRetweet($tweetId: ID!) {
    undoRetweet(input: { tweetId: $tweetId }) {
      tweet {
        id
        retweetCount
        viewerHasRetweeted
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const FollowUser = gql(`
  mutation FollowUser($userId: ID!) {
    followUser(input: { userId: $userId }) {
      user {
        id
        followerCount
        viewerIsFollowing
        viewerFollowRequest {
          id
        }
      }
      follower {
        id
        followingCount
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const UnfollowUser = gql(`
  mutation UnfollowUser($userId: ID!) {
    unfollowUser(input: { userId: $userId }) {
      user {
        id
        followerCount
        viewerIsFollowing
        viewerFollowRequest {
          id
        }
      }
      follower {
        id
        followingCount
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const DeleteTweet = gql(`
  mutation DeleteTweet($tweetId: ID!) {
    deleteTweet(input: { tweetId: $tweetId }) {
      deletedTweetId
      inReplyTo {
        id
        replyCount
      }
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`);

export const CreateTweet = gql(`
  mutation CreateTweet($input: CreateTweetInput!) {
    createTweet(input: $input) {
      tweet {
        ...TweetCard
      }
      inReplyTo {
        id
        replyCount
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`);
