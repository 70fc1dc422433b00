import { defineEvent } from './define-event.ts';
import type { TweetRetweetedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with the insert of a retweet, in its transaction. Kept in order per retweeter, not with the tweet's own events. */
export type TweetRetweeted = TweetRetweetedV1;

export const TweetRetweeted = defineEvent<TweetRetweeted>({
  schema: readSchema('tweet-retweeted.v1.avsc'),
  topic: 'tweets',
  key: ({ retweeterId }) => retweeterId,
});
