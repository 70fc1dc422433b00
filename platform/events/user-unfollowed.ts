import { defineEvent } from './define-event.ts';
import type { UserUnfollowedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when a follow edge is removed, in its transaction. After its `UserFollowed`. */
export type UserUnfollowed = UserUnfollowedV1;

export const UserUnfollowed = defineEvent<UserUnfollowed>({
  schema: readSchema('user-unfollowed.v1.avsc'),
  topic: 'follows',
  key: ({ followerId }) => followerId,
});
