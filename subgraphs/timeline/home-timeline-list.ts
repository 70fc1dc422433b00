import type { Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import { bucketOf, type TimelineKeys } from './buckets.ts';
import type { RedisConnection } from './redis.ts';
import type { Stretch } from './stretch.ts';

/*
 * Terminology
 *
 * List: the ids of the newest entries of everybody whom a viewer follows, and of the viewer, in Redis. Nothing that can
 * change is left out of it: the visibility gate decides that at each read.
 * Floor: from it upward the list is complete; what is older comes from Postgres.
 * Stamp: names the set of follow edges that the list was built for. With any other set it is of no use.
 */

export interface ListSize {
  /** How many ids a list is cut down to. */
  kept: number;
  /** How many more it may hold before it is worth cutting. */
  slack: number;
}

/** Forty pages; beyond them nearly nobody scrolls. */
export const LIST_SIZE: ListSize = { kept: 800, slack: 64 };

/** Who has not read for so long has no list, and costs no write. */
const LIVES_SECONDS = 30 * 24 * 60 * 60;

/** A builder that died leaves its mark for so long. Longer than any statement may run. */
const BUILDING_SECONDS = 30;

/** What a look at a list found. */
export interface Slice {
  floor: Id;
  stamp: string;
  /** When Postgres was read for it; what is newer was delivered. */
  builtAtMs: number;
  /** In the order of the direction, from the near end of the stretch; fewer than asked for when the list has no more. */
  ids: Id[];
}

export interface HomeTimelineLists {
  /** Null where there is no list, or none yet. `place` is where the live log stood at that very moment. */
  look(viewerId: Id, stretch: Stretch): Promise<{ slice: Slice | null; place: LogPlace }>;
  /** False when somebody builds it already, or when there is none and `onlyIfHeld`. */
  beginBuilding(viewerId: Id, token: string, onlyIfHeld: boolean): Promise<boolean>;
  /** Also keeps what was pushed since the building began. False when the mark is gone: then nothing is changed. */
  finishBuilding(viewerId: Id, token: string, built: Slice): Promise<boolean>;
  /** Those who read or listened within the retention of the live log, of one bucket. */
  presentIn(bucket: number): Promise<Id[]>;
  /** Leaves nothing of somebody: neither a list nor that they were present. */
  forget(userId: Id): Promise<void>;
}

/** The lists, to be read and built. `deliveries.ts` pushes into them. Everything rejects while Redis is out of reach. */
export const createLists = (redis: RedisConnection, keys: TimelineKeys): HomeTimelineLists => ({
  look: async (viewerId, { direction, newerThan, olderThan, limit }) => {
    const [epoch, position, nowMs, text, ...ids] = (await redis.look(
      [...keys.logKeys(bucketOf(viewerId)), keys.list(viewerId)],
      [viewerId, LIVES_SECONDS, direction, newerThan, olderThan, limit],
    )) as [string, string, string, string, ...Id[]];
    const place = { epoch, position, atMs: Number(nowMs) };
    const [, floor, stamp, builtAt] = text.split(' ');
    if (floor === undefined || stamp === undefined) return { slice: null, place };
    return { slice: { floor, stamp, builtAtMs: Number(builtAt), ids }, place };
  },

  beginBuilding: async (viewerId, token, onlyIfHeld) =>
    (await redis.beginBuilding([keys.list(viewerId)], [token, BUILDING_SECONDS, onlyIfHeld ? '1' : '0'])) ===
    1,

  finishBuilding: async (viewerId, token, { floor, stamp, builtAtMs, ids }) =>
    (await redis.finishBuilding(
      [keys.list(viewerId)],
      [token, floor, stamp, builtAtMs, LIVES_SECONDS, ...ids],
    )) === 1,

  presentIn: (bucket) => {
    const [, , present] = keys.logKeys(bucket);
    return redis.client.zrange(present, 0, -1);
  },

  forget: async (userId) => {
    const [, , present] = keys.logKeys(bucketOf(userId));
    await Promise.all([redis.client.del(keys.list(userId)), redis.client.zrem(present, userId)]);
  },
});
