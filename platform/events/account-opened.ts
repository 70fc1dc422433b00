import { defineEvent } from './define-event.ts';
import type { AccountOpenedV1 } from './schemas.generated.ts';
import { readSchema } from './schemas.ts';

/** Published with a new account, in its transaction; the first that is heard of its user. */
export type AccountOpened = AccountOpenedV1;

export const AccountOpened = defineEvent<AccountOpened>({
  schema: readSchema('account-opened.v1.avsc'),
  topic: 'accounts',
  key: ({ userId }) => userId,
});
