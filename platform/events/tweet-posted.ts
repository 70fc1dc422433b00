import { defineEvent } from './define-event.ts';
import type { TweetPostedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with the insert of a tweet, in its transaction. Kept in order per author. */
export type TweetPosted = TweetPostedV1;

export const TweetPosted = defineEvent<TweetPosted>({
  schema: readSchema('tweet-posted.v1.avsc'),
  topic: 'tweets',
  key: ({ authorId }) => authorId,
});
