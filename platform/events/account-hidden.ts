import { defineEvent } from './define-event.ts';
import type { AccountHiddenV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published when an account is deactivated or deleted, in that transaction: from then on it is absent everywhere. */
export type AccountHidden = AccountHiddenV1;

export const AccountHidden = defineEvent<AccountHidden>({
  schema: readSchema('account-hidden.v1.avsc'),
  topic: 'accounts',
  key: ({ userId }) => userId,
});
