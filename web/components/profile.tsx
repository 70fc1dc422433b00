'use client';

import Link from 'next/link';
import { notFound } from 'next/navigation';
import { usePreloadedQuery, type Preloaded } from '../apollo/preloaded.ts';
import { gql } from '../graphql.generated/index.ts';
import {
  ProfileDocument,
  type ProfileQuery,
  type ProfileQueryVariables,
} from '../graphql.generated/graphql.ts';
import { Empty } from './empty.tsx';
import { Region } from './failed.tsx';
import { More } from './more.tsx';
import { ProfileHead } from './profile-head.tsx';
import { Retweeted } from './reason.tsx';
import { ScreenHead } from './screen-head.tsx';
import { TweetCard } from './tweet-card.tsx';

export const ProfileOfUser = gql(`
  query Profile($username: String!, $filter: UserTweetsFilter!, $after: String) {
    user(username: $username) {
      tweetCount
      ...ProfileHead
      tweets(filter: $filter, first: 20, after: $after) {
        edges {
          cursor
          retweetedAt
          node {
            ...TweetCard
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

type Posts = NonNullable<NonNullable<ProfileQuery['user']>['tweets']>;

const counted = new Intl.NumberFormat('en');

/** An account: who it is, and what it posted. */
export function Profile({ first }: { first: Preloaded<ProfileQuery, ProfileQueryVariables> }) {
  const { data, fetchMore } = usePreloadedQuery(ProfileDocument, first);
  const { user } = data;
  if (user === null) notFound();
  const withReplies = first.variables.filter === 'TWEETS_AND_REPLIES';
  const tweets = user.tweetCount;
  return (
    <>
      <ScreenHead
        back
        title={user.displayName}
        below={tweets === null ? undefined : `${counted.format(tweets)} ${tweets === 1 ? 'tweet' : 'tweets'}`}
      />
      <ProfileHead user={user} />
      <nav className="tabs" aria-label={`Tweets of ${user.displayName}`}>
        <Tab href={`/@${user.username}`} current={!withReplies}>
          Tweets
        </Tab>
        <Tab href={`/@${user.username}?with=replies`} current={withReplies}>
          Tweets & replies
        </Tab>
      </nav>
      <Region>
        <section aria-label="Tweets" className="feed">
          {user.tweets === null ? (
            <Empty
              broken={!user.isProtected}
              title={user.isProtected ? 'These tweets are protected' : 'The tweets did not load'}
              text={user.isProtected ? 'Only approved followers see them.' : 'It is us, not you.'}
            />
          ) : (
            <PostList
              posts={user.tweets}
              by={user}
              load={async () => {
                const more = await fetchMore({
                  variables: { after: user.tweets?.pageInfo.endCursor ?? null },
                });
                return more.data?.user?.tweets ?? null;
              }}
            />
          )}
        </section>
      </Region>
    </>
  );
}

const Tab = ({ href, current, children }: { href: string; current: boolean; children: string }) => (
  <Link href={href} scroll={false} {...(current && { 'aria-current': 'page' })}>
    {children}
  </Link>
);

function PostList({
  posts,
  by,
  load,
}: {
  posts: Posts;
  by: { username: string; displayName: string };
  load: () => Promise<object | null>;
}) {
  if (posts.edges.length === 0)
    return <Empty title="Nothing yet" text={`When ${by.displayName} posts, it is here.`} />;
  return (
    <>
      {posts.edges.map(
        ({ cursor, node, retweetedAt }) =>
          node && (
            <TweetCard
              key={cursor}
              tweet={node}
              reason={retweetedAt === null ? undefined : <Retweeted by={by} />}
            />
          ),
      )}
      <More hasMore={posts.pageInfo.hasNextPage} load={load} end="You have reached the very first tweet." />
    </>
  );
}
