import { defineEvent } from './define-event.ts';
import type { RetweetsShownV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when retweets that were hidden are shown again, in that transaction. After its `RetweetsHidden`. */
export type RetweetsShown = RetweetsShownV1;

export const RetweetsShown = defineEvent<RetweetsShown>({
  schema: readSchema('retweets-shown.v1.avsc'),
  topic: 'follows',
  key: ({ viewerId }) => viewerId,
});
