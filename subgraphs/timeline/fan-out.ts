import type { EventData } from '../../platform/events/define-event.ts';
import type { FanOutChunk } from '../../platform/events/fan-out-chunk.ts';
import type { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import type { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import type { TweetPosted } from '../../platform/events/tweet-posted.ts';
import type { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import type { Id } from '../../platform/ids.ts';
import type { Deliveries, EntryNews } from './deliveries.ts';
import type { EntryStore } from './entry-store.ts';
import type { Part, Receipts, Tally } from './receipts.ts';

/*
 * From an event to the home timelines of followers. All handlers are safe to run again: a list takes an id once, and
 * the gate leaves out what no longer stands when an old event comes late. A crash half-way has reached some followers,
 * and the redelivery reaches all. Followers are read after the event's commit: who follows later finds the entry
 * because the list's stamp no longer fits.
 */

export interface FanOutDeps {
  followers: Pick<EntryStore, 'followersOf' | 'outsidersOf' | 'answeredBy' | 'everyNthFollowerOf'>;
  deliveries: Deliveries;
  receipts: Pick<Receipts, 'plan' | 'keep' | 'count'>;
  /** Hands parts of a large account's followers to the second topic. Resolves when they are safe there. */
  sendChunks: (chunks: FanOutChunk[]) => Promise<void>;
  /** How many followers are one part; accounts with more are not served by the first consumer. */
  chunkSize?: number;
}

const CHUNK_SIZE = 1000;

const EVERYBODY: Part = { after: null, through: null };

/** Retweets of one deleted tweet whose removal is told at a time. */
const REMOVALS_AT_ONCE = 8;

export function createFanOut(deps: FanOutDeps) {
  const { followers, deliveries, receipts, sendChunks, chunkSize = CHUNK_SIZE } = deps;

  /**
   * The author is told as well: their own entries are live for them too. `answeredId`: whom a new tweet answers, if
   * that is somebody else.
   */
  async function tellFollowers(news: EntryNews, authorId: Id, answeredId: Id | null = null): Promise<void> {
    const first = await followers.followersOf(authorId, { ...EVERYBODY, limit: chunkSize + 1 });
    if (first.length <= chunkSize) {
      const tally = await tell(news, authorId, answeredId, first, [authorId]);
      if (news.kind === 'added') await receipts.keep(news, tally);
      return;
    }
    await deliveries.bring(news, [authorId]);
    const ends = await followers.everyNthFollowerOf(authorId, chunkSize);
    const parts = [null, ...ends].map((after, at) => ({ after, through: ends[at] ?? null }));
    if (news.kind === 'added') {
      await receipts.plan(
        news,
        parts.map((part) => ({ ...part, followers: part.through === null ? 0 : chunkSize })),
      );
    }
    const { kind, entryId, tweetId } = news;
    await sendChunks(
      parts.map(({ after, through }) => ({
        kind: kind === 'added' ? 'ADDED' : 'REMOVED',
        entryId,
        tweetId,
        authorId,
        afterFollowerId: after,
        throughFollowerId: through,
      })),
    );
  }

  /** How many of the followers a new tweet is meant for is asked while they are told of it. */
  async function tell(
    news: EntryNews,
    authorId: Id,
    answeredId: Id | null,
    some: Id[],
    others: Id[] = [],
  ): Promise<Tally> {
    const isNewTweet = news.kind === 'added' && news.entryId === news.tweetId;
    const [away, outsiders] = await Promise.all([
      deliveries.bring(news, [...others, ...some]),
      isNewTweet ? followers.outsidersOf(authorId, answeredId, some) : [],
    ]);
    const [isAway, isOutside] = [new Set(away), new Set(outsiders)];
    const audience = isOutside.size === 0 ? some : some.filter((id) => !isOutside.has(id));
    const awayCount = isAway.size === 0 ? 0 : audience.filter((id) => isAway.has(id)).length;
    return { audience: audience.length, reached: audience.length - awayCount };
  }

  return {
    posted: ({ tweetId, authorId, inReplyToAuthorId }: EventData<typeof TweetPosted>) =>
      tellFollowers(
        { kind: 'added', entryId: tweetId, tweetId },
        authorId,
        inReplyToAuthorId === authorId ? null : inReplyToAuthorId,
      ),

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
      const { kind, entryId, tweetId, authorId } = chunk;
      const news: EntryNews = { kind: kind === 'ADDED' ? 'added' : 'removed', entryId, tweetId };
      const part = { after: chunk.afterFollowerId, through: chunk.throughFollowerId };
      const answeredId = news.kind === 'added' ? await followers.answeredBy(entryId) : null;
      const sum: Tally = { audience: 0, reached: 0 };
      for (let { after } = part; ;) {
        const some = await followers.followersOf(authorId, { ...part, after, limit: chunkSize });
        const tally = await tell(news, authorId, answeredId, some);
        sum.audience += tally.audience;
        sum.reached += tally.reached;
        if (some.length < chunkSize) break;
        after = some.at(-1) ?? null;
      }
      if (news.kind === 'added') await receipts.count(entryId, part, sum);
    },
  };
}
