'use client';

import { Heart, MessageCircle, Repeat2, Share } from 'lucide-react';
import { useLike, useRetweet } from '../apollo/optimistic.ts';
import { isUnsent } from '../apollo/home-entries.ts';
import { gql } from '../graphql.generated/index.ts';
import type { TweetCardFragment } from '../graphql.generated/graphql.ts';
import { useCompose } from './compose.tsx';
import { useSignedIn } from './sign-in-first.tsx';
import { useToast } from './toasts.tsx';

export const TweetActionsOfTweet = gql(`
  fragment TweetActions on Tweet {
    id
    url
    replyCount
    retweetCount
    likeCount
    viewerHasRetweeted
    viewerHasLiked
  }
`);

const counted = new Intl.NumberFormat('en');

/** What a count reads, and what a button with it is called. Zero is not printed. */
const count = (n: number): string => (n === 0 ? '' : counted.format(n));
const label = (what: string, n: number): string => (n === 0 ? what : `${what}, ${counted.format(n)}`);

const icon = { strokeWidth: 1.75, 'aria-hidden': true } as const;

/** Reply, retweet, like, share. Signed out, each but the last asks to sign in. */
export function TweetActions({ tweet, counts = true }: { tweet: TweetCardFragment; counts?: boolean }) {
  const signedIn = useSignedIn();
  const compose = useCompose();
  const like = useLike();
  const retweet = useRetweet();
  const share = useShare();
  // It has no id yet that the server knows.
  const disabled = isUnsent(tweet.id);
  return (
    <div className="acts" role="group" aria-label="Actions">
      <span className="cell">
        <button
          type="button"
          className="act"
          disabled={disabled}
          aria-label={label('Reply', tweet.replyCount)}
          onClick={() => signedIn('reply') && compose(tweet)}
        >
          <MessageCircle {...icon} />
          {counts && <span>{count(tweet.replyCount)}</span>}
        </button>
      </span>
      <span className="cell">
        <button
          type="button"
          className="act"
          disabled={disabled}
          aria-label={label('Retweet', tweet.retweetCount)}
          aria-pressed={tweet.viewerHasRetweeted}
          onClick={() => signedIn('retweet this') && void retweet(tweet)}
        >
          <Repeat2 {...icon} />
          {counts && <span>{count(tweet.retweetCount)}</span>}
        </button>
      </span>
      <span className="cell">
        <button
          type="button"
          className="act"
          disabled={disabled}
          aria-label={label('Like', tweet.likeCount)}
          aria-pressed={tweet.viewerHasLiked}
          onClick={() => signedIn('like this') && void like(tweet)}
        >
          <Heart {...icon} className="fills" />
          {counts && <span>{count(tweet.likeCount)}</span>}
        </button>
      </span>
      <span className="end">
        <button
          type="button"
          className="act"
          disabled={disabled}
          aria-label="Copy link"
          onClick={() => share(tweet.url)}
        >
          <Share {...icon} />
        </button>
      </span>
    </div>
  );
}

/** Copies an address, and says so. */
export function useShare() {
  const toast = useToast();
  return (url: string) => {
    navigator.clipboard.writeText(url).then(
      () => toast({ text: 'Link copied' }),
      () => toast({ text: 'The link could not be copied.', failed: true }),
    );
  };
}
