import { defineEvent } from './define-event.ts';
import type { ProfileChangedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when what a profile says is changed, its username included, in that transaction. */
export type ProfileChanged = ProfileChangedV1;

export const ProfileChanged = defineEvent<ProfileChanged>({
  schema: readSchema('profile-changed.v1.avsc'),
  topic: 'accounts',
  key: ({ userId }) => userId,
});
