import { defineEvent } from './define-event.ts';
import type { AccountReturnedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when signing in brings a deactivated account back, in that transaction. */
export type AccountReturned = AccountReturnedV1;

export const AccountReturned = defineEvent<AccountReturned>({
  schema: readSchema('account-returned.v1.avsc'),
  topic: 'accounts',
  key: ({ userId }) => userId,
});
