import { defineEvent } from './define-event.ts';
import type { RetweetsHiddenV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when somebody hides the retweets of another, in that transaction. */
export type RetweetsHidden = RetweetsHiddenV1;

export const RetweetsHidden = defineEvent<RetweetsHidden>({
  schema: readSchema('retweets-hidden.v1.avsc'),
  topic: 'follows',
  key: ({ viewerId }) => viewerId,
});
