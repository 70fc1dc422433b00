import { defineEvent } from './define-event.ts';
import type { AccountProtectionChangedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when an account is protected or opened, in that transaction. Opening it approves the requests that wait. */
export type AccountProtectionChanged = AccountProtectionChangedV1;

export const AccountProtectionChanged = defineEvent<AccountProtectionChanged>({
  schema: readSchema('account-protection-changed.v1.avsc'),
  topic: 'accounts',
  key: ({ userId }) => userId,
});
