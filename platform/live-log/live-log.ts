import type { RedisConnection } from './redis.ts';

/*
 * Terminology
 *
 * Live log: a Redis Stream per bucket with what is announced to whoever listens.
 * Bucket: a share of all that can be listened to; its keys carry one hash tag, and so lie on one node of a cluster.
 * Present: listened within the log's retention. A log may leave out what concerns nobody present.
 * Position: an announcement's place in its log. It has no meaning outside of its epoch.
 * Epoch: one life of a log, from its creation to anything that may have lost announcements.
 */

/** How far back a log can be replayed. It is kept a little longer. */
export const RETENTION_MS = 15 * 60 * 1000;

/** A cursor that names a later moment is made up; beyond some, there is no `Date`. */
export const LAST_MS = Date.UTC(9999, 0);

/** Where a log stands, or a reader in it. */
export interface LogPlace {
  epoch: string;
  /** Of the last announcement that was read. */
  position: string;
  /** When it was so, in ms since 1970. */
  atMs: number;
}

/** What a log holds. `A`: the announcements that its writers make. */
export type Logged<A> = { position: string } & (
  | A
  /** The first of an epoch. */
  | { kind: 'origin'; epoch: string }
  /** Of a newer version of this code, which may run beside it for a while; passed over. */
  | { kind: 'other' }
);

/** The names and values of an entry of a log. */
export type LogFields = Partial<Record<string, string>>;

export interface LogKeys {
  log(bucket: number): string;
  /** What every script that touches a bucket's log is given: the log, its epoch, and who is present. */
  logKeys(bucket: number): [log: string, epoch: string, present: string];
}

export interface LiveLog<A> {
  /** From here on these are present in the bucket, for the time of the retention. */
  attend(bucket: number, ids: readonly string[]): Promise<LogPlace>;
  /** What is behind a position, oldest first; fewer than `REPLAY_COUNT` when this is all. */
  replay(bucket: number, position: string): Promise<Logged<A>[]>;
  /** @param entry as Redis gives it: id, then names and values in turn. */
  read(entry: [position: string, fields: string[]]): Logged<A>;
}

export const REPLAY_COUNT = 500;

/** @param announcementOf what the fields of an entry mean; null when it does not know. */
export function createLiveLog<A>(
  redis: RedisConnection<'attend'>,
  keys: LogKeys,
  announcementOf: (fields: LogFields) => A | null,
): LiveLog<A> {
  const read: LiveLog<A>['read'] = ([position, texts]) => {
    const fields = fieldsOf(texts);
    const { kind, epoch = '' } = fields;
    if (kind === 'origin') return { position, kind, epoch };
    return { position, ...(announcementOf(fields) ?? { kind: 'other' }) };
  };
  return {
    read,
    attend: async (bucket, ids) => {
      const [epoch, position, nowMs] = (await redis.attend(keys.logKeys(bucket), ids)) as [
        string,
        string,
        string,
      ];
      return { epoch, position, atMs: Number(nowMs) };
    },
    replay: async (bucket, position) =>
      (await redis.client.xrange(keys.log(bucket), `(${position}`, '+', 'COUNT', REPLAY_COUNT)).map(read),
  };
}

const fieldsOf = (texts: string[]): LogFields =>
  Object.fromEntries(texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1]]] : [])));

/** Negative when `a` comes first. */
export function comparePositions(a: string, b: string): number {
  const [aMs = '0', aSeq = '0'] = a.split('-');
  const [bMs = '0', bSeq = '0'] = b.split('-');
  return Number(aMs) - Number(bMs) || Number(aSeq) - Number(bSeq);
}
