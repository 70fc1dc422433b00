import { defineEvent } from './define-event.ts';
import type { UserUnblockedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when a block is taken away, in its transaction. After its `UserBlocked`. */
export type UserUnblocked = UserUnblockedV1;

export const UserUnblocked = defineEvent<UserUnblocked>({
  schema: readSchema('user-unblocked.v1.avsc'),
  topic: 'follows',
  key: ({ blockerId }) => blockerId,
});
