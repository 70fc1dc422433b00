'use client';

import Link from 'next/link';
import type { TweetCardFragment } from '../graphql.generated/graphql.ts';
import { Face } from './face.tsx';
import { Moment } from './time.tsx';
import { TweetActions } from './tweet-actions.tsx';
import { TweetMenu } from './tweet-menu.tsx';
import { TweetText } from './tweet-text.tsx';

const counted = new Intl.NumberFormat('en');

/** The tweet that a thread is about. */
export function FocalTweet({ tweet, onDeleted }: { tweet: TweetCardFragment; onDeleted: () => void }) {
  const { author } = tweet;
  const name = author?.displayName ?? 'Somebody';
  const stats = [
    [tweet.replyCount, 'Reply', 'Replies'],
    [tweet.retweetCount, 'Retweet', 'Retweets'],
    [tweet.likeCount, 'Like', 'Likes'],
  ] as const;
  return (
    <article className="focal" aria-label={`Tweet by ${name}`} data-tweet={tweet.id}>
      <div className="top">
        <Face user={author} />
        <div className="grow">
          {author === null ? (
            <b>{name}</b>
          ) : (
            <Link href={`/@${author.username}`} prefetch={false}>
              <b className="hover:underline">{name}</b>
              <span className="handle">@{author.username}</span>
            </Link>
          )}
        </div>
        <TweetMenu tweet={tweet} className="icon-btn" onDeleted={onDeleted} />
      </div>
      <TweetText text={tweet.text} entities={tweet.entities} />
      <p className="meta">
        <Moment at={tweet.createdAt} />
      </p>
      <p className="stats">
        {stats.map(([count, one, many]) => (
          <span key={many}>
            <b>{counted.format(count)}</b> {count === 1 ? one : many}
          </span>
        ))}
      </p>
      <TweetActions tweet={tweet} counts={false} />
    </article>
  );
}
