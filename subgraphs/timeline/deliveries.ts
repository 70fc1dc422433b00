import type { Id } from '../../platform/ids.ts';
import { byBucket, type TimelineKeys } from './buckets.ts';
import type { ListSize } from './home-timeline-list.ts';
import type { RedisConnection } from './redis.ts';

/** What is told to people: an entry came, an entry went, or whom they follow changed. */
export type News = { kind: 'added' | 'removed'; entryId: Id; tweetId: Id } | { kind: 'reset' };

export interface Deliveries {
  /**
   * Brings news into the lists of people who have one, and then onto the live logs for those who are present. Rejects
   * while Redis is out of reach, having reached some perhaps. Again changes no list, and tells those present again.
   */
  bring(news: News, userIds: readonly Id[]): Promise<void>;
}

/** A script holds up all of Redis while it runs: this many lists take it a millisecond. */
const SCRIPT_USERS = 250;

export const createDeliveries = (
  redis: RedisConnection,
  keys: TimelineKeys,
  { kept, slack }: ListSize,
): Deliveries => ({
  bring: async (news, userIds) => {
    const told = news.kind === 'reset' ? [news.kind, '0', '0'] : [news.kind, news.entryId, news.tweetId];
    const scripts = [...byBucket(userIds)].flatMap(([bucket, users]) =>
      chunksOf(users, SCRIPT_USERS).map((some) => {
        const lists = news.kind === 'reset' ? [] : some.map(keys.list);
        return redis.deliver([...keys.logKeys(bucket), ...lists], [...told, kept, slack, ...some]);
      }),
    );
    await Promise.all(scripts);
  },
});

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
