import type { ApolloCache, Reference } from '@apollo/client';
import { ReplyFragmentDoc, type TweetCardFragment } from '../graphql.generated/graphql.ts';
import { ownCursor } from './home-entries.ts';
import { addOwnTweet } from './home-timeline.ts';

interface Connection {
  edges: readonly { cursor: string; node: Reference | null }[];
}

/** Puts a tweet just posted, or about to be, on top of the lists in the cache that will have it. */
export function showPosted(cache: ApolloCache, tweet: TweetCardFragment, parentId: string | null): void {
  const cursor = ownCursor(tweet.id);
  addOwnTweet(cache, {
    __typename: 'HomeTimelineEdge',
    cursor,
    enteredAt: tweet.createdAt,
    because: { __typename: 'OwnPost', retweetedAt: null },
    node: tweet,
  });

  // Nothing answers it yet. A list that asks for the answers would take it for incomplete without.
  const ref = cache.writeFragment({
    fragment: ReplyFragmentDoc,
    fragmentName: 'Reply',
    data: { ...tweet, replies: { __typename: 'ReplyConnection', edges: [] } },
  });
  if (ref === undefined) return;
  const onTop = (__typename: string) => (connection: Connection | undefined) =>
    connection && {
      ...connection,
      edges: [{ __typename, cursor, node: ref }, ...connection.edges],
    };
  if (parentId === null) {
    if (tweet.author) {
      cache.modify<{ tweets: Connection }>({
        id: `User:${tweet.author.id}`,
        fields: { tweets: onTop('UserTweetEdge') as never },
      });
    }
  } else {
    cache.modify<{ replies: Connection }>({
      id: `Tweet:${parentId}`,
      fields: { replies: onTop('ThreadEdge') as never },
    });
  }
}
