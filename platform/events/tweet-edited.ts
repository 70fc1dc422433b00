import { defineEvent } from './define-event.ts';
import type { TweetEditedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with a change of the words of a tweet, in its transaction. After its `TweetPosted`. */
export type TweetEdited = TweetEditedV1;

export const TweetEdited = defineEvent<TweetEdited>({
  schema: readSchema('tweet-edited.v1.avsc'),
  topic: 'tweets',
  key: ({ authorId }) => authorId,
});
