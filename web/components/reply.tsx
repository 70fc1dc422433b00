import Link from 'next/link';
import { gql } from '../graphql.generated/index.ts';
import type { ReplyFragment } from '../graphql.generated/graphql.ts';
import { Tombstone } from './tombstone.tsx';
import { TweetCard } from './tweet-card.tsx';

export const ReplyOfPlace = gql(`
  fragment Reply on TweetOrTombstone {
    __typename
    id
    ... on Tweet {
      ...TweetCard
      replies(first: 2, order: OLDEST) {
        edges {
          cursor
          node {
            __typename
            id
            ... on Tweet {
              ...TweetCard
            }
          }
        }
      }
    }
  }
`);

/** A reply, with the first answers to it on twigs; the others are in its own thread. */
export function Reply({ place }: { place: ReplyFragment }) {
  if (place.__typename !== 'Tweet') return <Tombstone />;
  // A tweet that was posted just now came without any.
  const answers = place.replies?.edges ?? [];
  const more = place.replyCount - answers.length;
  return (
    <div className="branch">
      <TweetCard tweet={place} inThread />
      {answers.length > 0 && (
        <div className="twigs">
          {answers.map(
            ({ cursor, node }) =>
              node &&
              (node.__typename === 'Tweet' ? (
                <TweetCard key={cursor} tweet={node} inThread small />
              ) : (
                <Tombstone key={cursor} />
              )),
          )}
          {more > 0 && (
            <p className="deeper">
              <Link className="inline-link" href={`/tweets/${place.id}`} prefetch={false}>
                Show {more} more
              </Link>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
