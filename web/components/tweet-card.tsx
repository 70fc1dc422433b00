'use client';

import { Lock } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { memo, useId, type ReactNode, type SyntheticEvent } from 'react';
import { isUnsent } from '../apollo/home-entries.ts';
import { gql } from '../graphql.generated/index.ts';
import type { TweetCardFragment } from '../graphql.generated/graphql.ts';
import { Face } from './face.tsx';
import { TimeAgo } from './time.tsx';
import { TweetActions } from './tweet-actions.tsx';
import { TweetMenu } from './tweet-menu.tsx';
import { TweetText } from './tweet-text.tsx';

export const TweetCardOfTweet = gql(`
  fragment TweetCard on Tweet {
    id
    text
    entities {
      ...TextPart
    }
    createdAt
    viewerCanDelete
    author {
      id
      username
      displayName
      isProtected
      ...Face
    }
    inReplyTo {
      __typename
      id
      ... on Tweet {
        author {
          id
          username
        }
      }
    }
    ...TweetActions
  }
`);

/** A tweet in a list. */
export const TweetCard = memo(function TweetCard({
  tweet,
  reason,
  inThread = false,
  small = false,
}: {
  tweet: TweetCardFragment;
  /** Why it is here, when its author alone does not say. */
  reason?: ReactNode;
  /** What it answers stands beside it. */
  inThread?: boolean;
  /** On a twig. */
  small?: boolean;
}) {
  const labelId = useId();
  const { author } = tweet;
  const unsent = isUnsent(tweet.id);
  const answered = tweet.inReplyTo?.__typename === 'Tweet' ? tweet.inReplyTo.author : null;
  const router = useRouter();
  const open = (event: SyntheticEvent) => {
    if (!unsent && isForTheCard(event)) router.push(`/tweets/${tweet.id}`);
  };
  return (
    <article
      className="tweet"
      tabIndex={0}
      aria-labelledby={labelId}
      data-tweet={tweet.id}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter') open(event);
      }}
    >
      {reason}
      {author === null ? (
        <span className="face-link">
          <Face user={null} size={small ? 32 : 40} />
        </span>
      ) : (
        <Link
          className="face-link"
          href={`/@${author.username}`}
          prefetch={false}
          tabIndex={-1}
          aria-hidden="true"
        >
          <Face user={author} size={small ? 32 : 40} />
        </Link>
      )}
      <div className={unsent ? 'body unsettled' : 'body'}>
        <div id={labelId} className="who">
          <Who author={author} />
          <span className="sep" aria-hidden="true">
            ·
          </span>
          {unsent ? (
            <span className="sep">now</span>
          ) : (
            <TimeAgo at={tweet.createdAt} href={`/tweets/${tweet.id}`} />
          )}
        </div>
        {answered && !inThread && (
          <p className="answering">
            Replying to{' '}
            <Link className="inline-link" href={`/@${answered.username}`} prefetch={false}>
              @{answered.username}
            </Link>
          </p>
        )}
        <TweetText text={tweet.text} entities={tweet.entities} />
        <TweetActions tweet={tweet} />
      </div>
      {!unsent && <TweetMenu tweet={tweet} />}
    </article>
  );
});

/** Whether nothing within it was meant: no control, no text being marked, nothing in a dialog that it opened. */
function isForTheCard({ target, currentTarget }: SyntheticEvent): boolean {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return false;
  return target.closest('a, button') === null && getSelection()?.isCollapsed !== false;
}

function Who({ author }: { author: TweetCardFragment['author'] }) {
  // Profiles are out of reach; the words are not.
  if (author === null) return <b>Somebody</b>;
  return (
    <>
      <b>
        <Link href={`/@${author.username}`} prefetch={false}>
          {author.displayName}
        </Link>
      </b>
      {author.isProtected && <Lock className="lock" strokeWidth={1.75} role="img" aria-label="Protected" />}
      <span className="handle">@{author.username}</span>
    </>
  );
}
