import type { EventData } from '../../platform/events/define-event.ts';
import type { FanOutChunk } from '../../platform/events/fan-out-chunk.ts';
import type { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import type { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import type { TweetPosted } from '../../platform/events/tweet-posted.ts';
import type { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import type { Id } from '../../platform/ids.ts';
import type { Deliveries, EntryNews } from './deliveries.ts';
import type { EntryStore } from './entry-store.ts';

/*
 * From an event to the home timelines of followers. All handlers are safe to run again: a list takes an id once, and
 * the gate leaves out what no longer stands when an old event comes late. A crash half-way has reached some followers,
 * and the redelivery reaches all. Followers are read after the event's commit: who follows later finds the entry
 * because the list's stamp no longer fits.
 */

export interface FanOutDeps {
  followers: Pick<EntryStore, 'followersOf' | 'everyNthFollowerOf'>;
  deliveries: Deliveries;
  /** Hands parts of a large account's followers to the second topic. Resolves when they are safe there. */
  sendChunks: (chunks: FanOutChunk[]) => Promise<void>;
  /** How many followers are one part; accounts with more are not served by the first consumer. */
  chunkSize?: number;
}

const CHUNK_SIZE = 1000;

/** Retweets of one deleted tweet whose removal is told at a time. */
const REMOVALS_AT_ONCE = 8;

export function createFanOut({ followers, deliveries, sendChunks, chunkSize = CHUNK_SIZE }: FanOutDeps) {
  /** The author is told as well: their own entries are live for them too. */
  async function tellFollowers(news: EntryNews, authorId: Id): Promise<void> {
    const first = await followers.followersOf(authorId, { after: null, through: null, limit: chunkSize + 1 });
    if (first.length <= chunkSize) {
      await deliveries.bring(news, [authorId, ...first]);
      return;
    }
    await deliveries.bring(news, [authorId]);
    const ends = await followers.everyNthFollowerOf(authorId, chunkSize);
    const { kind, entryId, tweetId } = news;
    await sendChunks(
      [null, ...ends].map((afterFollowerId, at) => ({
        kind: kind === 'added' ? 'ADDED' : 'REMOVED',
        entryId,
        tweetId,
        authorId,
        afterFollowerId,
        throughFollowerId: ends[at] ?? null,
      })),
    );
  }

  return {
    posted: ({ tweetId, authorId }: EventData<typeof TweetPosted>) =>
      tellFollowers({ kind: 'added', entryId: tweetId, tweetId }, authorId),

    retweeted: ({ entryId, tweetId, retweeterId }: EventData<typeof TweetRetweeted>) =>
      tellFollowers({ kind: 'added', entryId, tweetId }, retweeterId),

    retweetUndone: ({ entryId, tweetId, retweeterId }: EventData<typeof RetweetUndone>) =>
      tellFollowers({ kind: 'removed', entryId, tweetId }, retweeterId),

    deleted: async ({ tweetId, authorId, retweetEntries }: EventData<typeof TweetDeleted>) => {
      await tellFollowers({ kind: 'removed', entryId: tweetId, tweetId }, authorId);
      for (let from = 0; from < retweetEntries.length; from += REMOVALS_AT_ONCE) {
        const some = retweetEntries.slice(from, from + REMOVALS_AT_ONCE);
        await Promise.all(
          some.map(({ entryId, retweeterId }) =>
            tellFollowers({ kind: 'removed', entryId, tweetId }, retweeterId),
          ),
        );
      }
    },

    /** One part of a large account's followers; by now a few more or fewer than when it was cut. */
    chunk: async (chunk: FanOutChunk) => {
      const { kind, entryId, tweetId, authorId, throughFollowerId } = chunk;
      const news: EntryNews = { kind: kind === 'ADDED' ? 'added' : 'removed', entryId, tweetId };
      let after = chunk.afterFollowerId;
      for (;;) {
        const range = { after, through: throughFollowerId, limit: chunkSize };
        const some = await followers.followersOf(authorId, range);
        if (some.length > 0) await deliveries.bring(news, some);
        if (some.length < chunkSize) return;
        after = some.at(-1) ?? null;
      }
    },
  };
}
