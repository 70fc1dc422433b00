import type { Id } from '../../platform/ids.ts';
import * as logs from '../../platform/live-log/live-log.ts';
import type { LogFields, Logged } from '../../platform/live-log/live-log.ts';
import type { RedisConnection } from '../../platform/live-log/redis.ts';
import type { TimelineKeys } from './buckets.ts';

export {
  comparePositions,
  REPLAY_COUNT,
  RETENTION_MS,
  type LogPlace,
} from '../../platform/live-log/live-log.ts';

/** What is announced to the viewers of a bucket who are present. Others are not announced to. */
export type Announcement = Logged<News>;

type News =
  | { kind: 'added' | 'removed'; entryId: Id; tweetId: Id; viewerIds: Id[] }
  | { kind: 'reset'; viewerIds: Id[] };

export type LiveLog = logs.LiveLog<News>;

export const createLiveLog = (redis: RedisConnection<'attend'>, keys: TimelineKeys): LiveLog =>
  logs.createLiveLog(redis, keys, newsOf);

function newsOf({ kind, entry = '', tweet = '', viewers = '' }: LogFields): News | null {
  const viewerIds = viewers.split(' ');
  if (kind === 'reset') return { kind, viewerIds };
  if (kind === 'added' || kind === 'removed') return { kind, entryId: entry, tweetId: tweet, viewerIds };
  return null;
}
