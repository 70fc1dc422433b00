import { createCardStore, type CardStore } from './card-store.ts';
import { createKeepingStore, type KeepingStore } from './keeping-store.ts';
import { createListStore, type ListStore } from './list-store.ts';
import { createPeopleStore, type PeopleStore } from './people-store.ts';
import { createReactionStore, type ReactionStore } from './reaction-store.ts';
import { createThreadStore, type ThreadStore } from './thread-store.ts';
import { createTweetStore, type TweetStore, type TweetStoreOptions } from './tweet-store.ts';

/** All that knows the tables of this subgraph. */
export interface Stores {
  tweets: TweetStore;
  reactions: ReactionStore;
  keeping: KeepingStore;
  cards: CardStore;
  lists: ListStore;
  people: PeopleStore;
  threads: ThreadStore;
}

export const createStores = (options: TweetStoreOptions): Stores => ({
  tweets: createTweetStore(options),
  reactions: createReactionStore(options),
  keeping: createKeepingStore(options.database),
  cards: createCardStore(options.database),
  lists: createListStore(options.database),
  people: createPeopleStore(options.database),
  threads: createThreadStore(options.database),
});
