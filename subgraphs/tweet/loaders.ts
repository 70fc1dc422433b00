import DataLoader from 'dataloader';
import type { Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import type { Page } from '../connection.ts';
import { createListLoader, type ListLoader } from '../list-loader.ts';
import type { Caller } from '../viewer.ts';
import { NO_FLAGS, type CardStore, type TweetCounts, type ViewerFlags } from './card-store.ts';
import type { Revision } from './edit.ts';
import type { AuthoredEntry, KeptTweet, ListStore, Reading, UserTweetsFilter } from './list-store.ts';
import type { Live } from './live.ts';
import type { PeopleStore, Reactor } from './people-store.ts';
import type { ReplyOrder, ReplyPlace, ThreadStore } from './thread-store.ts';
import type { Tweet } from './tweet.ts';
import type { TweetPage } from './tweet-pages.ts';
import type { TweetStore } from './tweet-store.ts';

/** They live one request, and each answers for all tweets on a page in one statement. */
export interface Loaders {
  /** The only way to a tweet: null where deleted, never written, or not for this viewer. */
  tweet: DataLoader<Id, Tweet | null>;
  counts: DataLoader<Id, TweetCounts>;
  viewerFlags: DataLoader<Id, ViewerFlags>;
  /** What a tweet said before its edits. */
  revisions: DataLoader<Id, Revision[]>;
  entryCount: DataLoader<Id, number | null>;
  /** Whether an account is there to be shown. */
  standing: DataLoader<Id, boolean>;
  /** Whether the viewer may see what an account posts and likes. */
  seen: DataLoader<Id, boolean>;
  pin: DataLoader<Id, Id | null>;
  hashtagCount: DataLoader<string, number>;
  /** Pages of tweets' lists, as `PeopleStore` and `ListStore` give them. */
  likers: DataLoader<TweetPage, Reactor[], string>;
  retweeters: DataLoader<TweetPage, Reactor[], string>;
  quotes: DataLoader<TweetPage, Id[], string>;
  /** A tweet's replies, as `ThreadStore.replies` gives them. */
  replies: ListLoader<[ReplyOrder, Page], ReplyPlace[]>;
  /** What a tweet answers, as `ThreadStore.ancestors` gives it. */
  ancestors: ListLoader<[Page], Id[]>;
  /** What an account posted, as `ListStore.byAuthor` gives it. */
  posted: ListLoader<[UserTweetsFilter, Page], AuthoredEntry[]>;
  /** What an account likes, as `ListStore.likedBy` gives it. */
  liked: ListLoader<[Page], KeptTweet[]>;
  /** What carries a hashtag, as `ListStore.tagged` gives it. */
  tagged: ListLoader<[Page], Id[]>;
  /** Where streams begin that miss nothing of what is read from now on. */
  livePlace(): Promise<LogPlace>;
  /** Whose lists are read, and where. */
  reading: Reading;
  /** To be called when a mutation has written, so that its payload shows what is true now. */
  afterWrite(): void;
}

export interface LoaderSources {
  tweets: TweetStore;
  cards: CardStore;
  lists: ListStore;
  people: PeopleStore;
  threads: ThreadStore;
  live: Pick<Live, 'place'>;
}

export function createLoaders(
  { tweets, cards, lists, people, threads, live }: LoaderSources,
  caller: Caller,
): Loaders {
  const viewerId = caller.viewer?.userId ?? null;
  const reading = { viewerId, readsOwnWrites: caller.readsOwnWrites };
  const tweet = new DataLoader((ids: readonly Id[]) => tweets.byIds(ids, viewerId));
  const counts = new DataLoader(cards.countsOf);
  const revisions = new DataLoader(cards.revisionsOf);
  const entryCount = new DataLoader(cards.entryCountsOf);
  const standing = new DataLoader(cards.standing);
  const pin = new DataLoader(cards.pinsOf);
  const hashtagCount = new DataLoader(cards.hashtagCountsOf);
  const seen = new DataLoader((ids: readonly Id[]) => cards.seenBy(viewerId, ids));
  const viewerFlags = new DataLoader(async (ids: readonly Id[]) =>
    viewerId === null ? ids.map(() => NO_FLAGS) : cards.flagsFor(viewerId, ids),
  );
  const likers = pageLoader((asked) => people.likersOf(asked, viewerId));
  const retweeters = pageLoader((asked) => people.retweetersOf(asked, viewerId));
  const quotes = pageLoader((asked) => lists.quotesOf(asked, reading));
  const replies = createListLoader((ids, order: ReplyOrder, page: Page) =>
    threads.replies(ids, order, page, reading),
  );
  const ancestors = createListLoader((ids, page: Page) => threads.ancestors(ids, page));
  const posted = createListLoader((ids, filter: UserTweetsFilter, page: Page) =>
    lists.byAuthor(ids, filter, page, reading),
  );
  const liked = createListLoader((ids, page: Page) => lists.likedBy(ids, page, reading));
  const tagged = createListLoader((tags, page: Page) => lists.tagged(tags, page, reading));
  let livePlace: Promise<LogPlace> | null = null;

  const all = {
    tweet,
    counts,
    viewerFlags,
    revisions,
    entryCount,
    standing,
    seen,
    pin,
    hashtagCount,
    likers,
    retweeters,
    quotes,
    replies,
    ancestors,
    posted,
    liked,
    tagged,
  };

  return {
    ...all,
    livePlace: () => (livePlace ??= live.place(reading)),
    reading,
    afterWrite: () => {
      reading.readsOwnWrites = true;
      for (const loader of Object.values(all)) loader.clearAll();
      livePlace = null;
    },
  };
}

/** Pages of lists that are asked for at once go together, whichever tweet, cursor and size each has. */
const pageLoader = <Row>(load: (asked: readonly TweetPage[]) => Promise<Row[][]>) =>
  new DataLoader<TweetPage, Row[], string>(load, { cacheKeyFn: (asked) => JSON.stringify(asked) });
