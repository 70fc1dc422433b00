import { defineEvent } from './define-event.ts';
import type { RetweetUndoneV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when a retweeter takes a retweet back, in that transaction. After its `TweetRetweeted`. */
export type RetweetUndone = RetweetUndoneV1;

export const RetweetUndone = defineEvent<RetweetUndone>({
  schema: readSchema('retweet-undone.v1.avsc'),
  topic: 'tweets',
  key: ({ retweeterId }) => retweeterId,
});
