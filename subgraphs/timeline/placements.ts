import type { Logger } from 'pino';
import { compareIds, type Id } from '../../platform/ids.ts';
import type { PlacedEntry } from './home-timeline.ts';
import type { HomeTimelineLists, ListSize, Slice } from './home-timeline-list.ts';
import { placementOf, type EntryFacts, type TweetFacts, type Verdict } from './placement.ts';
import type { PlacementStore } from './placement-store.ts';
import { pathOf } from './reason.ts';
import { WHOLE } from './stretch.ts';

/** Says where tweets stand with regard to somebody's home timeline. */
export interface Placements {
  /** In the order of `tweetIds`. */
  of(viewerId: Id, tweetIds: readonly Id[]): Promise<HomePlacement[]>;
}

export interface HomePlacement {
  verdict: Verdict;
  explanation: string;
  viewerId: Id;
  userId: Id | null;
  entry: PlacedEntry | null;
}

export interface PlacementsDeps {
  store: PlacementStore;
  lists: Pick<HomeTimelineLists, 'look'>;
  /** Around each call of `lists`; rejects at once while Redis is known to be out of reach. */
  guard: <T>(work: () => Promise<T>) => Promise<T>;
  size: ListSize;
  log: Logger;
}

export const createPlacements = ({ store, lists, guard, size, log }: PlacementsDeps): Placements => {
  /** The list that pages are served from; null where they come from Postgres. */
  const listOf = async (viewerId: Id): Promise<Slice | null> => {
    try {
      const stretch = { ...WHOLE, limit: size.kept + size.slack };
      return (await guard(() => lists.look(viewerId, stretch))).slice;
    } catch (err) {
      log.debug({ err }, 'placing without redis');
      return null;
    }
  };

  return {
    of: async (viewerId, tweetIds) => {
      const held = await listOf(viewerId);
      const { stamp, tweets } = await store.factsOf(viewerId, tweetIds);
      const list = held?.stamp === stamp ? held : null;
      const isOn = new Set(list?.ids);
      const isServed = ({ id, followedAt }: EntryFacts) =>
        list === null || followedAt === null || compareIds(id, list.floor) < 0 || isOn.has(id);
      return tweets.map((tweet) => {
        const { entry, ...placement } = placementOf(tweet, isServed);
        return {
          ...placement,
          viewerId,
          entry: tweet === null || entry === null ? null : placed(tweet, entry, list),
        };
      });
    },
  };
};

function placed(tweet: TweetFacts, entry: EntryFacts, list: Slice | null): PlacedEntry {
  const { answering } = tweet;
  const isReply = entry.id === tweet.id && answering !== null && answering.id !== '';
  const seen = {
    id: entry.id,
    tweetId: tweet.id,
    authorId: entry.author.id,
    authorName: entry.author.name ?? '',
    followedAt: entry.followedAt,
    answering: isReply ? { userId: answering.id, name: answering.name } : null,
  };
  const isListed = list !== null && compareIds(entry.id, list.floor) >= 0;
  return { ...seen, path: pathOf(seen, isListed ? { deliveredSinceMs: list.builtAtMs } : 'postgres') };
}
