import type { Id } from '../../platform/ids.ts';
import type { TimelineKeys } from './buckets.ts';
import type { RedisConnection } from './redis.ts';

/*
 * Terminology
 *
 * Live log: a Redis Stream per bucket with what is announced to people of the bucket who are present.
 * Present: read or listened within the log's retention. Others are not announced to.
 * Position: an announcement's place in its log. It has no meaning outside of its epoch.
 * Epoch: one life of a log, from its creation to anything that may have lost announcements.
 */

/** How far back a log can be replayed. It is kept a little longer. */
export const RETENTION_MS = 15 * 60 * 1000;

/** Where a log stands, or a reader in it. */
export interface LogPlace {
  epoch: string;
  /** Of the last announcement that was read. */
  position: string;
  /** When it was so, in ms since 1970. */
  atMs: number;
}

export type Announcement = { position: string } & (
  | { kind: 'added' | 'removed'; entryId: Id; tweetId: Id; viewerIds: Id[] }
  | { kind: 'reset'; viewerIds: Id[] }
  /** The first of an epoch. */
  | { kind: 'origin'; epoch: string }
  /** Of a newer version of this code, which may run beside it for a while; passed over. */
  | { kind: 'other' }
);

export interface LiveLog {
  /** From here on these viewers of the bucket are announced to, for the time of the retention. */
  attend(bucket: number, viewerIds: readonly Id[]): Promise<LogPlace>;
  /** The announcements behind a position, oldest first; fewer than `REPLAY_COUNT` when these are all. */
  replay(bucket: number, position: string): Promise<Announcement[]>;
}

export const REPLAY_COUNT = 500;

export const createLiveLog = (redis: RedisConnection, keys: TimelineKeys): LiveLog => ({
  attend: async (bucket, viewerIds) => {
    const [epoch, position, nowMs] = (await redis.attend(keys.logKeys(bucket), viewerIds)) as [
      string,
      string,
      string,
    ];
    return { epoch, position, atMs: Number(nowMs) };
  },
  replay: async (bucket, position) =>
    (await redis.client.xrange(keys.log(bucket), `(${position}`, '+', 'COUNT', REPLAY_COUNT)).map(
      announcementOf,
    ),
});

/** @param entry of a stream, as Redis gives it: id, then names and values in turn. */
export function announcementOf([position, fields]: [string, string[]]): Announcement {
  const {
    kind,
    entry = '',
    tweet = '',
    viewers = '',
    epoch = '',
  } = Object.fromEntries(
    fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1]]] : [])),
  ) as Partial<Record<string, string>>;
  if (kind === 'origin') return { position, kind, epoch };
  const viewerIds = viewers.split(' ');
  if (kind === 'reset') return { position, kind, viewerIds };
  if (kind === 'added' || kind === 'removed')
    return { position, kind, entryId: entry, tweetId: tweet, viewerIds };
  return { position, kind: 'other' };
}

/** Negative when `a` comes first. */
export function comparePositions(a: string, b: string): number {
  const [aMs = '0', aSeq = '0'] = a.split('-');
  const [bMs = '0', bSeq = '0'] = b.split('-');
  return Number(aMs) - Number(bMs) || Number(aSeq) - Number(bSeq);
}
