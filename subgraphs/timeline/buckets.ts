import { crc32 } from 'node:zlib';
import type { Id } from '../../platform/ids.ts';

/**
 * People are spread over buckets; what belongs to one bucket carries one hash tag, and therefore lies on one node of a
 * Redis Cluster, where one script can touch all of it.
 */
export const BUCKETS = 256;

export const bucketOf = (userId: Id): number => crc32(userId) % BUCKETS;

/** Ids that come together are often of one bucket or of few. */
export const byBucket = (userIds: readonly Id[]): Map<number, Id[]> => Map.groupBy(userIds, bucketOf);

/** @param prefix put before every key, so that instances can share a Redis; without braces. */
export const timelineKeys = (prefix: string) => ({
  list: (userId: Id): string => `${prefix}tl:{b${bucketOf(userId)}}:${userId}`,
  log: (bucket: number): string => `${prefix}live:{b${bucket}}`,
  /** What every script that touches a bucket's log is given: the log, its epoch, and who is present. */
  logKeys: (bucket: number): [string, string, string] => {
    const log = `${prefix}live:{b${bucket}}`;
    return [log, `${log}:epoch`, `${log}:present`];
  },
  receipt: (entryId: Id): string => `${prefix}receipt:{${entryId}}`,
  /** On how many open streams a tweet was put, and on whose. */
  liveReceipt: (tweetId: Id): string => `${prefix}receipt:{${tweetId}}:live`,
  seenReceipt: (tweetId: Id): string => `${prefix}receipt:{${tweetId}}:seen`,
  /** Tweets by when their receipt is to be settled. */
  dueReceipts: `${prefix}receipts-due`,
});

export type TimelineKeys = ReturnType<typeof timelineKeys>;
