import { defineEvent } from './define-event.ts';
import type { TweetLikedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with a like, in its transaction. Kept in order per person who likes. */
export type TweetLiked = TweetLikedV1;

export const TweetLiked = defineEvent<TweetLiked>({
  schema: readSchema('tweet-liked.v1.avsc'),
  topic: 'tweets',
  key: ({ userId }) => userId,
});
