import { defineEvent } from './define-event.ts';
import type { AccountDeletedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when an account is deleted for good, in that transaction. After its `AccountHidden`. Each subgraph erases what it has of it. */
export type AccountDeleted = AccountDeletedV1;

export const AccountDeleted = defineEvent<AccountDeleted>({
  schema: readSchema('account-deleted.v1.avsc'),
  topic: 'accounts',
  key: ({ userId }) => userId,
});
