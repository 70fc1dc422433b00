import type { Caller } from '../viewer.ts';
import type { ListStore } from './list-store.ts';
import type { Loaders } from './loaders.ts';
import type { ReactionStore } from './reaction-store.ts';
import type { TweetStore } from './tweet-store.ts';

/** What the resolvers of one request share. */
export interface Context {
  caller: Caller;
  tweets: TweetStore;
  reactions: ReactionStore;
  lists: ListStore;
  loaders: Loaders;
  /** The page of a tweet, to share. */
  addressOf(tweetId: string): string;
  now(): Date;
}
