import { defineEvent } from './define-event.ts';
import type { UserFollowedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when a follow edge is made, in its transaction; following again what one follows publishes nothing. Kept in order per follower. */
export type UserFollowed = UserFollowedV1;

export const UserFollowed = defineEvent<UserFollowed>({
  schema: readSchema('user-followed.v1.avsc'),
  topic: 'follows',
  key: ({ followerId }) => followerId,
});
