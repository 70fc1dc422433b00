import { defineEvent } from './define-event.ts';
import type { TweetDeletedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with the deletion of a tweet and of its retweets, in its transaction. After the author's `TweetPosted`. */
export type TweetDeleted = TweetDeletedV1;

export const TweetDeleted = defineEvent<TweetDeleted>({
  schema: readSchema('tweet-deleted.v1.avsc'),
  topic: 'tweets',
  key: ({ authorId }) => authorId,
});
