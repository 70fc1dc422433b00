import pg from 'pg';
import { pino } from 'pino';
import { createIdSource, MAX_ID, type Id } from '../../platform/ids.ts';
import { isOutOfReach } from '../../platform/messaging/out-of-reach.ts';
import { testDatabase } from '../../tests/databases.ts';
import { detourTo } from '../../tests/detour.ts';
import { GENERIC_PLANS } from '../../platform/postgres.ts';
import { assembleDelivery, assembleReading } from './assembly.ts';
import { timelineKeys } from './buckets.ts';
import { createLists, LIST_SIZE, type ListSize } from './home-timeline-list.ts';
import type { HomeTimelinePage } from './home-timeline.ts';
import { homeTimelineByDefinition } from './oracle.ts';
import { connectRedis } from './redis.ts';
import type { Stretch } from './stretch.ts';

/*
 * A small world for tests: facts are written into the tables as their owners would, and their events wait until they
 * are delivered, or delivered again, or in another order.
 */

/** Both halves of home timelines, as one process has them. */
type Timelines = ReturnType<typeof assembleReading> & Omit<ReturnType<typeof assembleDelivery>, 'rebuilder'>;

export type World = Awaited<ReturnType<typeof createWorld>>;
type PendingEvent = () => Promise<void>;

/** Redis waits for its disk now and then, which others use too: longer than people are to wait for it. */
const PATIENT_MS = 10_000;

interface Retweet {
  entryId: Id;
  tweetId: Id;
  retweeterId: Id;
}

/** @param startMs when its time begins; it goes on only by `wait`, and by a millisecond with each deed. */
export async function createWorld({
  startMs = Date.now() - 5000,
  size = LIST_SIZE,
}: { startMs?: number; size?: ListSize } = {}) {
  const database = await testDatabase();
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 4 });
  const primary = new pg.Pool({
    connectionString: database.env.TIMELINE_DATABASE_URL,
    options: GENERIC_PLANS,
    max: 8,
  });
  // The database is dropped while their goodbyes are on the way.
  for (const pool of [admin, primary]) pool.on('error', () => undefined);
  const prefix = database.env.REDIS_KEY_PREFIX;
  const log = pino({ level: 'silent' });

  let nowMs = startMs;
  const ids = createIdSource(1, () => nowMs);
  const pending: PendingEvent[] = [];
  const history: PendingEvent[] = [];
  const tweets = new Map<Id, Id>();
  const retweets: Retweet[] = [];
  const assembled: Timelines[] = [];

  /** Small chunks, so that few followers are many. `isHasty`: does not wait for a Redis that answers late, as with people. */
  const connect = (redisUrl: string, { isHasty = false } = {}): Timelines => {
    const options = { primary, redisUrl, keyPrefix: prefix, size, log };
    const reading = assembleReading({ ...options, ...(!isHasty && { readTimeoutMs: PATIENT_MS }) });
    const delivery = assembleDelivery({
      ...options,
      sendChunks: async (chunks) => chunks.forEach((chunk) => happen(() => delivery.fanOut.chunk(chunk))),
      chunkSize: 3,
    });
    const timelines: Timelines = {
      ...delivery,
      ...reading,
      rebuilder: {
        ...reading.rebuilder,
        idle: async () => {
          await Promise.all([reading.rebuilder.idle(), delivery.rebuilder.idle()]);
        },
      },
      stop: async () => {
        await Promise.all([reading.stop(), delivery.stop()]);
      },
    };
    assembled.push(timelines);
    return timelines;
  };
  const timelines = connect(database.env.REDIS_URL);

  const happen = (event: PendingEvent) => {
    pending.push(event);
    history.push(event);
  };
  const moment = () => {
    nowMs += 1;
    return new Date(nowMs);
  };
  const nextId = () => {
    moment();
    return ids.next();
  };

  const changed = async (sql: string, values: unknown[]) => (await admin.query(sql, values)).rowCount === 1;

  const writeRetweet = async (retweet: Retweet, tweetAuthorId: Id) => {
    const { entryId, tweetId, retweeterId } = retweet;
    await admin.query(
      `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, created_at) VALUES ($1, $2, $3, $4, $5)`,
      [entryId, retweeterId, tweetId, tweetAuthorId, new Date(nowMs)],
    );
    retweets.push(retweet);
    happen(() => timelines.fanOut.retweeted({ ...retweet, tweetAuthorId, retweetedAtMs: nowMs }));
  };

  const redis = connectRedis(database.env.REDIS_URL, { name: 'test', timeoutMs: PATIENT_MS, log });
  await patiently(() => redis.attend(timelineKeys(prefix).logKeys(0), []));
  const world = {
    timelines,
    redis,
    lists: createLists(redis, timelineKeys(prefix)),
    connect,
    admin,
    env: database.env,
    tweets,
    retweets,

    wait: (ms: number) => {
      nowMs += Math.trunc(ms);
    },

    person: async (name: string): Promise<Id> => {
      const id = nextId();
      await admin.query('INSERT INTO users.users (id, username, display_name) VALUES ($1, $2, $2)', [
        id,
        name,
      ]);
      return id;
    },

    follow: async (followerId: Id, followeeId: Id) => {
      const followedAt = moment();
      const { rowCount } = await admin.query(
        `WITH edge AS (INSERT INTO follows.following VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1)
         INSERT INTO follows.followers SELECT $2, $1, $3 FROM edge`,
        [followerId, followeeId, followedAt],
      );
      if (rowCount === 1) happen(() => timelines.followChanged({ followerId }));
    },

    unfollow: async (followerId: Id, followeeId: Id) => {
      const { rowCount } = await admin.query(
        `WITH edge AS (DELETE FROM follows.following WHERE follower_id = $1 AND followee_id = $2)
         DELETE FROM follows.followers WHERE followee_id = $2 AND follower_id = $1`,
        [followerId, followeeId],
      );
      if (rowCount === 1) happen(() => timelines.followChanged({ followerId }));
    },

    block: async (blockerId: Id, blockedId: Id) => {
      const isNew = await changed(
        'INSERT INTO follows.blocks (blocker_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [blockerId, blockedId],
      );
      if (!isNew) return;
      await world.unfollow(blockerId, blockedId);
      await world.unfollow(blockedId, blockerId);
      happen(() => timelines.filtersChanged([blockerId, blockedId]));
    },

    unblock: async (blockerId: Id, blockedId: Id) => {
      const pair = [blockerId, blockedId];
      if (await changed('DELETE FROM follows.blocks WHERE blocker_id = $1 AND blocked_id = $2', pair))
        happen(() => timelines.filtersChanged(pair));
    },

    mute: async (muterId: Id, mutedId: Id) => {
      const sql = 'INSERT INTO follows.mutes (muter_id, muted_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';
      if (await changed(sql, [muterId, mutedId])) happen(() => timelines.filtersChanged([muterId]));
    },

    unmute: async (muterId: Id, mutedId: Id) => {
      const sql = 'DELETE FROM follows.mutes WHERE muter_id = $1 AND muted_id = $2';
      if (await changed(sql, [muterId, mutedId])) happen(() => timelines.filtersChanged([muterId]));
    },

    hideRetweets: async (viewerId: Id, userId: Id) => {
      const sql =
        'INSERT INTO follows.hidden_retweets (viewer_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';
      if (await changed(sql, [viewerId, userId])) happen(() => timelines.filtersChanged([viewerId]));
    },

    showRetweets: async (viewerId: Id, userId: Id) => {
      const sql = 'DELETE FROM follows.hidden_retweets WHERE viewer_id = $1 AND user_id = $2';
      if (await changed(sql, [viewerId, userId])) happen(() => timelines.filtersChanged([viewerId]));
    },

    protect: async (userId: Id, isProtected = true) => {
      const sql = 'UPDATE users.users SET is_protected = $2 WHERE id = $1 AND is_protected <> $2';
      if (await changed(sql, [userId, isProtected])) happen(() => timelines.accountChanged({ userId }));
    },

    deactivate: async (userId: Id) => {
      const sql = 'UPDATE users.users SET deactivated_at = now() WHERE id = $1 AND deactivated_at IS NULL';
      if (await changed(sql, [userId])) happen(() => timelines.accountChanged({ userId }));
    },

    comeBack: async (userId: Id) => {
      const sql = 'UPDATE users.users SET deactivated_at = NULL WHERE id = $1 AND deactivated_at IS NOT NULL';
      if (await changed(sql, [userId])) happen(() => timelines.accountChanged({ userId }));
    },

    post: async (authorId: Id, inReplyToId: Id | null = null): Promise<Id> => {
      const tweetId = nextId();
      const inReplyToAuthorId = inReplyToId === null ? null : (tweets.get(inReplyToId) ?? null);
      await admin.query(
        `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, in_reply_to_id,
           in_reply_to_author_id, conversation_id, created_at)
         VALUES ($1, $2, $1, $2, 'text', $3, $4, $1, $5)`,
        [tweetId, authorId, inReplyToId, inReplyToAuthorId, new Date(nowMs)],
      );
      tweets.set(tweetId, authorId);
      const event = {
        tweetId,
        authorId,
        inReplyToId,
        inReplyToAuthorId,
        postedAtMs: nowMs,
        conversationId: null,
        quotedId: null,
        quotedAuthorId: null,
      };
      happen(() => timelines.fanOut.posted(event));
      return tweetId;
    },

    retweet: async (retweeterId: Id, tweetId: Id): Promise<Id> => {
      const entryId = nextId();
      await writeRetweet({ entryId, tweetId, retweeterId }, tweets.get(tweetId) ?? '0');
      return entryId;
    },

    /** Its id is made now; others see it when it commits. */
    retweetThatCommitsLate: async (retweeterId: Id, tweetId: Id) => {
      const entryId = nextId();
      const tweetAuthorId = tweets.get(tweetId) ?? '0';
      return { entryId, commit: () => writeRetweet({ entryId, tweetId, retweeterId }, tweetAuthorId) };
    },

    undo: async (retweet: Retweet) => {
      retweets.splice(retweets.indexOf(retweet), 1);
      await admin.query('UPDATE tweets.entries SET deleted_at = now() WHERE id = $1', [retweet.entryId]);
      happen(() => timelines.fanOut.retweetUndone(retweet));
    },

    remove: async (tweetId: Id) => {
      const authorId = tweets.get(tweetId) ?? '0';
      tweets.delete(tweetId);
      const retweetEntries = retweets.filter((each) => each.tweetId === tweetId);
      for (const each of retweetEntries) retweets.splice(retweets.indexOf(each), 1);
      await admin.query('UPDATE tweets.entries SET deleted_at = now() WHERE tweet_id = $1', [tweetId]);
      happen(() =>
        timelines.fanOut.deleted({
          tweetId,
          authorId,
          retweetEntries,
          inReplyToId: null,
          conversationId: null,
          quotedId: null,
        }),
      );
    },

    /** Delivers what waits, and what that brings about. */
    settle: async () => {
      for (let event = pending.shift(); event !== undefined; event = pending.shift()) await patiently(event);
      await timelines.rebuilder.idle();
      // Lets the sockets speak, also where there was nothing to do.
      await new Promise(setImmediate);
    },

    /** Delivers everything again that ever was, in the order that `arrange` gives it. */
    replay: async (arrange: (events: PendingEvent[]) => PendingEvent[]) => {
      pending.push(...arrange([...history]));
      await world.settle();
    },

    redisThroughPort: () => detourTo(database.env.REDIS_URL),

    loseRedis: async () => {
      const { client } = redis;
      const keys = await client.keys(`${prefix}*`);
      if (keys.length > 0) await client.del(keys);
    },

    definition: (viewerId: Id, asOf: Date | null = null) =>
      homeTimelineByDefinition(primary, viewerId, { asOf }),

    /** All of a timeline, page by page, in the order in which a client puts it together. */
    readAll: async (
      viewerId: Id,
      { direction = 'down', limit = 20 }: Partial<Stretch> = {},
      { home }: Timelines = timelines,
    ): Promise<Id[]> => {
      const all: Id[] = [];
      for (;;) {
        const last = direction === 'down' ? all.at(-1) : all[0];
        const { entries }: HomeTimelinePage = await home.read(viewerId, {
          direction,
          newerThan: direction === 'up' ? (last ?? '0') : '0',
          olderThan: direction === 'down' ? (last ?? MAX_ID) : MAX_ID,
          limit,
        });
        const found = entries.map(({ id }) => id);
        if (direction === 'down') all.push(...found);
        else all.unshift(...found);
        if (found.length < limit) return all;
      }
    },

    /** How many statements the timelines sent to Postgres meanwhile. */
    countStatements: async (work: () => Promise<unknown>): Promise<number> => {
      let count = 0;
      const counter = (client: pg.PoolClient) => {
        void client;
        count += 1;
      };
      primary.on('acquire', counter);
      await work();
      primary.off('acquire', counter);
      return count;
    },

    stop: async () => {
      await Promise.all(assembled.map((each) => each.stop()));
      await world.loseRedis();
      world.redis.close();
      await Promise.all([primary.end(), admin.end()]);
      await database.drop();
    },
  };
  return world;
}

/** As a consumer would: what is out of reach is tried again. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (err) {
      if (!isOutOfReach(err)) throw err;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
