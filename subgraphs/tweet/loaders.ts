import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import type { Caller } from '../viewer.ts';
import type { ListStore, ReadOptions, ReplyOrder } from './list-store.ts';
import type { ReactionStore, TweetCounts, ViewerFlags } from './reaction-store.ts';
import type { Tweet } from './tweet.ts';
import type { TweetStore } from './tweet-store.ts';

/** They live one request, and each answers for all tweets on a page in one statement. */
export interface Loaders {
  /** Null where deleted or never written. */
  tweet: DataLoader<Id, Tweet | null>;
  counts: DataLoader<Id, TweetCounts>;
  viewerFlags: DataLoader<Id, ViewerFlags>;
  entryCount: DataLoader<Id, number>;
  /** Ids of a tweet's replies, as `ListStore.replies` gives them; those asked for the same page go together. */
  replies(tweetId: Id, order: ReplyOrder, page: Page): Promise<Id[]>;
  /** Where lists are read. */
  reading: ReadOptions;
  /** To be called when a mutation has written, so that its payload shows what is true now. */
  afterWrite(): void;
}

export interface LoaderSources {
  tweets: TweetStore;
  reactions: ReactionStore;
  lists: ListStore;
}

export function createLoaders({ tweets, reactions, lists }: LoaderSources, caller: Caller): Loaders {
  const viewerId = caller.viewer?.userId;
  const reading = { readsOwnWrites: caller.readsOwnWrites };
  const tweet = new DataLoader((ids: readonly Id[]) => tweets.byIds(ids));
  const counts = new DataLoader((ids: readonly Id[]) => reactions.countsOf(ids));
  const entryCount = new DataLoader((ids: readonly Id[]) => reactions.entryCountsOf(ids));
  const viewerFlags = new DataLoader(async (ids: readonly Id[]) =>
    viewerId === undefined
      ? ids.map(() => ({ liked: false, retweeted: false }))
      : reactions.flagsFor(viewerId, ids),
  );
  const replyPages = new Map<string, DataLoader<Id, Id[]>>();

  return {
    tweet,
    counts,
    viewerFlags,
    entryCount,
    reading,
    replies: (tweetId, order, page) => {
      const key = JSON.stringify([order, page]);
      let loader = replyPages.get(key);
      if (loader === undefined) {
        loader = new DataLoader((ids: readonly Id[]) => lists.replies(ids, order, page, reading));
        replyPages.set(key, loader);
      }
      return loader.load(tweetId);
    },
    afterWrite: () => {
      reading.readsOwnWrites = true;
      for (const loader of [tweet, counts, viewerFlags, entryCount]) loader.clearAll();
      replyPages.clear();
    },
  };
}
