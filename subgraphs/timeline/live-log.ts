import type { Id } from '../../platform/ids.ts';
import * as logs from '../../platform/live-log/live-log.ts';
import type { LogFields, Logged } from '../../platform/live-log/live-log.ts';
import type { RedisConnection } from '../../platform/live-log/redis.ts';
import type { TimelineKeys } from './buckets.ts';

/** What is announced to the viewers of a bucket who are present. Others are not announced to. */
export type Announcement = Logged<News>;

/** What made a timeline another one, in the words of the schema. */
export type ResetCause = (typeof RESET_CAUSES)[number];

const RESET_CAUSES = ['FOLLOWS_CHANGED', 'FILTERS_CHANGED', 'AUTHOR_CHANGED', 'REBUILT'] as const;

type News =
  | { kind: 'added' | 'removed'; entryId: Id; tweetId: Id; viewerIds: Id[] }
  | { kind: 'reset'; cause: ResetCause; viewerIds: Id[] }
  /** The viewer read on, on some device. */
  | { kind: 'moved'; viewerIds: Id[] };

export type LiveLog = logs.LiveLog<News>;

export const createLiveLog = (redis: RedisConnection<'attend'>, keys: TimelineKeys): LiveLog =>
  logs.createLiveLog(redis, keys, newsOf);

function newsOf({ kind, entry = '', tweet = '', cause = '', viewers = '' }: LogFields): News | null {
  const viewerIds = viewers.split(' ');
  // What was announced before causes were told had this one; one that is told by newer code is as good as any.
  const known = RESET_CAUSES.find((each) => each === cause) ?? 'FOLLOWS_CHANGED';
  if (kind === 'reset') return { kind, cause: known, viewerIds };
  if (kind === 'moved') return { kind, viewerIds };
  if (kind === 'added' || kind === 'removed') return { kind, entryId: entry, tweetId: tweet, viewerIds };
  return null;
}
