'use client';

import { notFound, useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { usePreloadedQuery, type Preloaded } from '../apollo/preloaded.ts';
import { gql } from '../graphql.generated/index.ts';
import { ThreadDocument, type ThreadQuery, type ThreadQueryVariables } from '../graphql.generated/graphql.ts';
import { FoldedComposer } from './folded-composer.tsx';
import { FocalTweet } from './focal-tweet.tsx';
import { More } from './more.tsx';
import { Reply } from './reply.tsx';
import { ScreenHead } from './screen-head.tsx';
import { Tombstone } from './tombstone.tsx';
import { TweetCard } from './tweet-card.tsx';

export const ThreadOfTweet = gql(`
  query Thread($id: ID!, $after: String) {
    tweet(id: $id) {
      ...TweetCard
      ancestors {
        edges {
          cursor
          node {
            __typename
            id
            ...TweetCard
          }
        }
      }
      replies(first: 20, after: $after) {
        edges {
          cursor
          node {
            ...Reply
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

/** A conversation around one tweet: the way down to it above, the answers to it below. */
export function Thread({ first }: { first: Preloaded<ThreadQuery, ThreadQueryVariables> }) {
  const { data, fetchMore } = usePreloadedQuery(ThreadDocument, first);
  const router = useRouter();
  const { tweet } = data;
  const focus = useFocusInSight(tweet?.ancestors?.edges.length !== 0);
  if (tweet === null) notFound();
  const above = tweet.ancestors?.edges ?? [];
  const replies = tweet.replies;

  return (
    <>
      <ScreenHead title="Thread" back />
      <section aria-label="Conversation">
        {above.length > 0 && (
          <div className="above">
            {above.map(({ cursor, node }) =>
              node?.__typename === 'Tweet' ? (
                <TweetCard key={cursor} tweet={node} inThread />
              ) : (
                <Tombstone key={cursor} />
              ),
            )}
          </div>
        )}
        <div ref={focus} className="scroll-mt-[52px]" />
        <FocalTweet tweet={tweet} onDeleted={() => router.push('/')} />
      </section>
      <FoldedComposer key={tweet.id} inReplyTo={tweet} />
      <section aria-label="Replies">
        {replies?.edges.map(({ cursor, node }) => node && <Reply key={cursor} place={node} />)}
        {replies?.pageInfo.hasNextPage ? (
          <More
            hasMore
            load={async () => {
              const more = await fetchMore({ variables: { after: replies.pageInfo.endCursor } });
              return more.data?.tweet?.replies ?? null;
            }}
            end=""
          />
        ) : (
          <div className="h-[40vh]" />
        )}
      </section>
    </>
  );
}

/** Opened by its address, a thread begins at what it is about, not at its oldest ancestor. */
function useFocusInSight(hasAbove: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const top = ref.current?.getBoundingClientRect().top ?? 0;
    if (hasAbove && scrollY === 0 && top > innerHeight / 2) ref.current?.scrollIntoView({ block: 'start' });
  }, [hasAbove]);
  return ref;
}
