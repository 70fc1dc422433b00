import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import { createListLoader, type ListLoader } from '../list-loader.ts';
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
  /** As `ListStore` gives them. */
  followers: ListLoader<[Page], Neighbour[] | null>;
  following: ListLoader<[Page], Neighbour[] | null>;
  knownFollowers: ListLoader<[Page], Neighbour[] | null>;
  knownFollowerCount: ListLoader<[atMost: number], number>;
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
  const followers = createListLoader((ids, page: Page) => lists.followersOf(viewerId, ids, page));
  const following = createListLoader((ids, page: Page) => lists.followedBy(viewerId, ids, page));
  const knownFollowers = createListLoader((ids, page: Page) => lists.knownFollowersOf(viewerId, ids, page));
  const knownFollowerCount = createListLoader((ids, atMost: number) =>
    lists.countKnownFollowersOf(viewerId, ids, atMost),
  );
  const all = { relation, counts, request, followers, following, knownFollowers, knownFollowerCount };

  return {
    ...all,
    afterWrite: () => {
      for (const loader of Object.values(all)) loader.clearAll();
    },
  };
}
