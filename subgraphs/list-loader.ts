import DataLoader from 'dataloader';
import type { Id } from '../platform/ids.ts';

/** Loads one list of many parents: those that are asked for with the same arguments at once go together. */
export interface ListLoader<Arguments extends unknown[], List> {
  load(id: Id, ...args: Arguments): Promise<List>;
  clearAll(): void;
}

/** @param load gives the list of each of `ids`, in their order. */
export function createListLoader<Arguments extends unknown[], List>(
  load: (ids: readonly Id[], ...args: Arguments) => Promise<List[]>,
): ListLoader<Arguments, List> {
  const loaders = new Map<string, DataLoader<Id, List>>();
  return {
    load: (id, ...args) => {
      const key = JSON.stringify(args);
      const loader = loaders.get(key) ?? new DataLoader((ids: readonly Id[]) => load(ids, ...args));
      loaders.set(key, loader);
      return loader.load(id);
    },
    clearAll: () => loaders.clear(),
  };
}
