import type { Id } from '../../platform/ids.ts';
import type { TimelineKeys } from './buckets.ts';
import type { RedisConnection } from './redis.ts';

/*
 * Terminology
 *
 * Receipt: how far an entry got among its author's followers, counted in Redis while it travels and shortly after.
 * Part: some of the followers, delivered to together. Each is counted once, when all of it is delivered; a redelivery
 * of one that is counted changes nothing, and of an entry that is not through all parts begins its receipt anew.
 * Away: neither with a list nor present, which is after 30 days without a look, or when Redis lost the list.
 */

/** Some followers, by id: those behind `after`, through `through`. */
export interface Part {
  after: Id | null;
  through: Id | null;
}

/** What came of a part. */
export interface Tally {
  /** Whom it is meant for: neither muted the author, nor is it a reply that does not concern them. */
  audience: number;
  /** Of them, those with a list, which has it now, or present. The others are away. */
  reached: number;
}

export interface Receipt extends Tally {
  /** Followers of parts that are not counted yet. */
  waiting: number;
  /** Whether all parts are counted. */
  isComplete: boolean;
  /** How many open streams it was put on, by latency; see `latency.ts`. */
  live: Map<number, number>;
  atMs: number;
}

interface AnEntry {
  entryId: Id;
  tweetId: Id;
}

export interface Receipts {
  /** Before anybody is told: which parts there are, and about how many followers each has. */
  plan(entry: AnEntry, parts: (Part & { followers: number })[]): Promise<void>;
  /** Of an entry that was delivered to all followers at once. */
  keep(entry: AnEntry, tally: Tally): Promise<void>;
  count(entryId: Id, part: Part, tally: Tally): Promise<void>;
  /** Null where nothing is known: not handled yet, or too long ago. */
  read(entryIds: readonly Id[]): Promise<(Receipt | null)[]>;
  /** Those whose counting may be settled by now, oldest first. They stay until they are done with. */
  due(limit: number): Promise<Id[]>;
  done(entryIds: readonly Id[]): Promise<void>;
  /** Not yet: asks for it again later. */
  postpone(entryIds: readonly Id[]): Promise<void>;
}

/** Longer than any entry that is not lost is on its way. */
const LIVES_SECONDS = 2 * 60 * 60;

/** By then nobody can be told live any more. */
const SETTLES_MS = 15 * 60 * 1000;

export function createReceipts(redis: RedisConnection, keys: TimelineKeys, now: () => number): Receipts {
  const dueIn = async (entryIds: readonly Id[], ms: number) => {
    if (entryIds.length === 0) return;
    await redis.client.zadd(keys.dueReceipts, ...entryIds.flatMap((id) => [now() + ms, id]));
  };
  const begin = async ({ entryId, tweetId }: AnEntry, tally: Tally, parts: (string | number)[]) => {
    await Promise.all([
      redis.planReceipt([keys.receipt(entryId)], [LIVES_SECONDS, now(), ...wordsOf(tally), ...parts]),
      // Nobody asks how far a retweet got but audits, and those soon.
      entryId === tweetId && dueIn([entryId], SETTLES_MS),
    ]);
  };
  return {
    plan: (entry, parts) =>
      begin(
        entry,
        { audience: 0, reached: 0 },
        parts.flatMap((part) => [nameOf(part), part.followers]),
      ),
    keep: (entry, tally) => begin(entry, tally, []),

    count: async (entryId, part, tally) => {
      await redis.countReceipt([keys.receipt(entryId)], [nameOf(part), now(), ...wordsOf(tally)]);
    },

    read: async (entryIds) => {
      const pipeline = redis.client.pipeline();
      for (const id of entryIds) pipeline.hgetall(keys.receipt(id)).hgetall(keys.liveReceipt(id));
      const replies = ((await pipeline.exec()) ?? []).map(([err, hash]) => {
        if (err !== null) throw err;
        return hash as Partial<Record<string, string>>;
      });
      return entryIds.map((_, at) => receiptOf(replies[2 * at] ?? {}, replies[2 * at + 1] ?? {}));
    },

    due: (limit) => redis.client.zrangebyscore(keys.dueReceipts, '-inf', now(), 'LIMIT', 0, limit),
    done: async (entryIds) => {
      if (entryIds.length > 0) await redis.client.zrem(keys.dueReceipts, ...entryIds);
    },
    postpone: (entryIds) => dueIn(entryIds, SETTLES_MS),
  };
}

const wordsOf = ({ audience, reached }: Tally) => [audience, reached];

const nameOf = ({ after, through }: Part): string => `${after ?? ''}-${through ?? ''}`;

function receiptOf(
  { parts, at, waiting, audience, reached }: Partial<Record<string, string>>,
  { at: seenAt, ...live }: Partial<Record<string, string>>,
): Receipt | null {
  if (parts === undefined) return null;
  return {
    audience: Number(audience ?? 0),
    reached: Number(reached ?? 0),
    waiting: Number(waiting ?? 0),
    isComplete: parts === '0',
    live: new Map(Object.entries(live).map(([latency, count]) => [Number(latency), Number(count)])),
    atMs: Math.max(Number(at), Number(seenAt ?? 0)),
  };
}
