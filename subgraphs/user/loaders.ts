import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { User } from './user.ts';
import type { ReadOptions, UserStore } from './user-store.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** They live one request. */
export const createLoaders = (users: UserStore, options: ReadOptions) => ({
  /** Whom others refer to, who have looked whether the account stands. Null where there is no such account. */
  users: new DataLoader<Id, User | null>((ids) => users.byIds(ids, options)),
  /** Whom somebody asks for, or a bio mentions: one that was hidden a moment ago is hidden. Null where there is none. */
  asked: new DataLoader<Id, User | null>((ids) => users.byIds(ids, { readsOwnWrites: true })),
});
