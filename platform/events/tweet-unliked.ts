import { defineEvent } from './define-event.ts';
import type { TweetUnlikedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when a like is taken back, in its transaction. After its `TweetLiked`. */
export type TweetUnliked = TweetUnlikedV1;

export const TweetUnliked = defineEvent<TweetUnliked>({
  schema: readSchema('tweet-unliked.v1.avsc'),
  topic: 'tweets',
  key: ({ userId }) => userId,
});
