import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import type { FollowCounts, FollowRequest, Relation } from './follow.ts';
import type { ListStore, Neighbour } from './list-store.ts';
import type { RelationStore } from './relation-store.ts';
import type { RequestStore } from './request-store.ts';

/** They live one request, and each answers for all accounts on a page in one statement. */
export interface Loaders {
  /** Null for an account that does not stand. */
  relation: DataLoader<Id, Relation | null>;
  counts: DataLoader<Id, FollowCounts>;
  /** Null for one that the viewer may not see. */
  request: DataLoader<Id, FollowRequest | null>;
  /** As `ListStore.knownFollowersOf`; those asked for the same page go together. */
  knownFollowers(userId: Id, page: Page): Promise<Neighbour[] | null>;
  /** As `ListStore.countKnownFollowersOf`. */
  knownFollowerCount(userId: Id, atMost: number): Promise<number>;
  /** To be called when a mutation has written, so that its payload shows what is true now. */
  afterWrite(): void;
}

export interface LoaderSources {
  relations: RelationStore;
  requests: RequestStore;
  lists: ListStore;
}

export function createLoaders({ relations, requests, lists }: LoaderSources, viewerId: Id | null): Loaders {
  const relation = new DataLoader((ids: readonly Id[]) => relations.between(viewerId, ids));
  const counts = new DataLoader((ids: readonly Id[]) => relations.countsOf(ids));
  const request = new DataLoader(async (ids: readonly Id[]) =>
    viewerId === null ? ids.map(() => null) : await requests.byIds(viewerId, ids),
  );
  const pages = new Map<string, DataLoader<Id, Neighbour[] | null>>();
  const bounds = new Map<number, DataLoader<Id, number>>();

  return {
    relation,
    counts,
    request,
    knownFollowers: (userId, page) =>
      of(pages, JSON.stringify(page), (ids) => lists.knownFollowersOf(viewerId, ids, page)).load(userId),
    knownFollowerCount: (userId, atMost) =>
      of(bounds, atMost, (ids) => lists.countKnownFollowersOf(viewerId, ids, atMost)).load(userId),
    afterWrite: () => {
      for (const loader of [relation, counts, request]) loader.clearAll();
      pages.clear();
      bounds.clear();
    },
  };
}

/** The loader for what is asked with the same arguments, made the first time. */
function of<Arguments, Value>(
  loaders: Map<Arguments, DataLoader<Id, Value>>,
  args: Arguments,
  load: (ids: readonly Id[]) => Promise<Value[]>,
): DataLoader<Id, Value> {
  const loader = loaders.get(args) ?? new DataLoader(load);
  loaders.set(args, loader);
  return loader;
}
