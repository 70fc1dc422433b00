import { defineEvent } from './define-event.ts';
import type { UserBlockedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with a block, in its transaction. Follows that it ended are told before, each as a `UserUnfollowed`. */
export type UserBlocked = UserBlockedV1;

export const UserBlocked = defineEvent<UserBlocked>({
  schema: readSchema('user-blocked.v1.avsc'),
  topic: 'follows',
  key: ({ blockerId }) => blockerId,
});
