import type { Id } from '../../platform/ids.ts';
import { byBucket, type TimelineKeys } from './buckets.ts';
import type { ListSize } from './home-timeline-list.ts';
import type { ResetCause } from './live-log.ts';
import type { RedisConnection } from './redis.ts';

/** What is told to people. */
export type News =
  | EntryNews
  /** What they see is another timeline, as a whole. */
  | { kind: 'reset'; cause: ResetCause }
  /** They read on, on one of their devices. */
  | { kind: 'moved' };

/**
 * An entry came, went for good, or is to be judged anew since an account changed: that one stays on lists, which hold
 * whatever may come back.
 */
export type EntryNews = { kind: 'added' | 'removed' | 'changed'; entryId: Id; tweetId: Id };

export interface Deliveries {
  /**
   * Brings news into the lists of people who have one, and then onto the live logs for those who are present. Of an
   * entry that came, gives those who are away: neither with a list nor present. Rejects while Redis is out of reach,
   * having reached some perhaps. Again changes no list, and tells those present again.
   */
  bring(news: News, userIds: readonly Id[]): Promise<Id[]>;
}

/** A script holds up all of Redis while it runs: this many lists take it a millisecond. */
const SCRIPT_USERS = 250;

export const createDeliveries = (
  redis: RedisConnection,
  keys: TimelineKeys,
  { kept, slack }: ListSize,
): Deliveries => ({
  bring: async (news, userIds) => {
    const touchesLists = news.kind === 'added' || news.kind === 'removed';
    const told = wordsOf(news);
    const scripts = [...byBucket(userIds)].flatMap(([bucket, users]) =>
      chunksOf(users, SCRIPT_USERS).map((some) => {
        const lists = touchesLists ? some.map(keys.list) : [];
        return redis.deliver([...keys.logKeys(bucket), ...lists], [...told, kept, slack, ...some]);
      }),
    );
    const away = (await Promise.all(scripts)) as string[];
    return away.flatMap((ids) => (ids === '' ? [] : ids.split(' ')));
  },
});

/** Kind, entry, tweet and cause, as logs have them. For who reads a log, what changed and what is removed is the same: ask the gate. */
const wordsOf = (news: News): [string, Id, Id, string] => {
  if (news.kind === 'reset') return [news.kind, '0', '0', news.cause];
  if (news.kind === 'moved') return [news.kind, '0', '0', ''];
  return [news.kind === 'changed' ? 'removed' : news.kind, news.entryId, news.tweetId, ''];
};

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
