import { lowestIdAt, type Id } from '../../platform/ids.ts';
import type { Deliveries } from './deliveries.ts';
import type { EntryStore } from './entry-store.ts';
import type { HomeTimelineLists } from './home-timeline-list.ts';

export interface AccountChangesDeps {
  store: Pick<EntryStore, 'allFollowersOf' | 'retweetsOf'>;
  deliveries: Deliveries;
  lists: Pick<HomeTimelineLists, 'forget'>;
  /** Deletes the rows that are about an account. */
  eraseRows: (userId: Id) => Promise<void>;
  now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** How far back retweets of somebody's tweets are told of, and how old these may be: more is on no screen. */
const RETWEETED_SINCE_MS = 7 * DAY_MS;
const WRITTEN_SINCE_MS = 30 * DAY_MS;

/*
 * An account went, came back, or changed who may see its tweets. Reads know already, since the gate asks for accounts;
 * lists hold what may come back. All of it is safe to repeat: what is told again is judged again.
 */
export const createAccountChanges = ({ store, deliveries, lists, eraseRows, now }: AccountChangesDeps) => ({
  /**
   * Tells its followers that their timelines are others; and followers of those who retweeted it, of the retweets.
   * Those may not follow the account itself.
   */
  accountChanged: async ({ userId }: { userId: Id }): Promise<void> => {
    const reset = { kind: 'reset', cause: 'AUTHOR_CHANGED' } as const;
    await deliveries.bring(reset, [userId]);
    for await (const followers of store.allFollowersOf(userId)) await deliveries.bring(reset, followers);
    const retweets = await store.retweetsOf(userId, {
      retweeted: lowestIdAt(now() - RETWEETED_SINCE_MS),
      written: lowestIdAt(now() - WRITTEN_SINCE_MS),
    });
    for (const { entryId, tweetId, retweeterId } of retweets) {
      const changed = { kind: 'changed', entryId, tweetId } as const;
      await deliveries.bring(changed, [retweeterId]);
      for await (const followers of store.allFollowersOf(retweeterId)) {
        await deliveries.bring(changed, followers);
      }
    }
  },

  /** Leaves nothing of an account that is gone for good. */
  accountDeleted: async ({ userId }: { userId: Id }): Promise<void> => {
    await lists.forget(userId);
    await eraseRows(userId);
  },
});
