import { defineEvent } from './define-event.ts';
import type { UserUnmutedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when a mute is taken away, in its transaction. After its `UserMuted`. */
export type UserUnmuted = UserUnmutedV1;

export const UserUnmuted = defineEvent<UserUnmuted>({
  schema: readSchema('user-unmuted.v1.avsc'),
  topic: 'follows',
  key: ({ muterId }) => muterId,
});
