import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { User } from './user.ts';
import type { ReadOptions, UserStore } from './user-store.ts';

export type Loaders = ReturnType<typeof createLoaders>;

/** They live one request. */
export const createLoaders = (users: UserStore, options: ReadOptions) => ({
  /** Null where there is no such account. */
  users: new DataLoader<Id, User | null>((ids) => users.byIds(ids, options)),
});
