import { memo } from 'react';
import { gql } from '../graphql.generated/index.ts';
import type { HomeEntryFragment } from '../graphql.generated/graphql.ts';
import { Retweeted } from './reason.tsx';
import { TweetCard } from './tweet-card.tsx';

export const HomeEntryOfEdge = gql(`
  fragment HomeEntry on HomeTimelineEdge {
    cursor
    enteredAt
    because {
      __typename
      ... on OwnPost {
        retweetedAt
      }
      ... on FollowedRetweeter {
        retweeter {
          id
          username
          displayName
        }
        alsoRetweetedBy {
          id
        }
      }
    }
    node {
      ...TweetCard
    }
  }
`);

/** An entry of the home timeline. Nothing when its tweet went since. */
export const HomeEntry = memo(function HomeEntry({ entry }: { entry: HomeEntryFragment }) {
  if (entry.node === null) return null;
  return <TweetCard tweet={entry.node} reason={<Reason because={entry.because} />} />;
});

function Reason({ because }: { because: HomeEntryFragment['because'] }) {
  switch (because.__typename) {
    case 'OwnPost':
      return because.retweetedAt === null ? null : <Retweeted by={null} />;
    case 'FollowedRetweeter':
      return (
        because.retweeter && <Retweeted by={because.retweeter} others={because.alsoRetweetedBy.length} />
      );
    case 'FollowedAuthor':
    default:
      return null;
  }
}
