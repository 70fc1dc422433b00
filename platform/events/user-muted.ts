import { defineEvent } from './define-event.ts';
import type { UserMutedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with a mute, in its transaction. */
export type UserMuted = UserMutedV1;

export const UserMuted = defineEvent<UserMuted>({
  schema: readSchema('user-muted.v1.avsc'),
  topic: 'follows',
  key: ({ muterId }) => muterId,
});
