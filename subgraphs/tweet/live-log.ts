import type { Id } from '../../platform/ids.ts';
import {
  comparePositions,
  createLiveLog,
  type LiveLog,
  type LogFields,
  type Logged,
  type LogKeys,
} from '../../platform/live-log/live-log.ts';
import type { RedisConnection } from './redis.ts';

/*
 * What happens to tweets is announced in one live log for all: a stream follows a hundred tweets, so buckets would only
 * make its cursor long. Each process reads it once, and a tweet takes it one entry however much it is liked. Beside it
 * Redis keeps, for as long, where each tweet was last announced and a log for each conversation: who comes back looks
 * there, instead of through everything that happened anywhere.
 */

export type News =
  /** The latest is in Postgres. */
  | { kind: 'counts' | 'words'; tweetId: Id }
  /** A reply was posted, or a tweet deleted. */
  | { kind: 'reply' | 'end'; conversationId: Id; tweetId: Id }
  /** Who sees whom may have changed, for this account or about it. */
  | { kind: 'sight'; userId: Id };

export type Announcement = Logged<News>;

/** Without what only a reader has to know. */
export type PlacedNews = News & { position: string };

export interface TweetLog extends LiveLog<News> {
  /** What was announced of these tweets behind a position, the last of each kind, in order. */
  missed(tweetIds: readonly Id[], position: string): Promise<PlacedNews[]>;
  /** What was announced in a conversation behind a position and up to another, in order. */
  missedIn(conversationId: Id, position: string, last: string): Promise<PlacedNews[]>;
}

/** Writes the log. Everything rejects while Redis is out of reach; again is harmless. */
export interface Announcer {
  changed(kind: 'counts' | 'words', tweetIds: readonly Id[]): Promise<void>;
  /** Each once, in this order. */
  told(kind: 'reply' | 'end', conversationId: Id, tweetIds: readonly Id[]): Promise<void>;
  sightChanged(userIds: readonly Id[]): Promise<void>;
}

/** The log has no others. */
export const BUCKET = 0;

/** @param prefix put before every key, so that instances can share a Redis; without braces. */
export const liveKeys = (prefix: string) => {
  const log = `${prefix}{tweets-live}`;
  const keys: LogKeys = { log: () => log, logKeys: () => [log, `${log}:epoch`, `${log}:present`] };
  return {
    ...keys,
    last: (kind: News['kind'], id: Id) => `${log}:last:${kind}:${id}`,
    thread: (conversationId: Id) => `${log}:thread:${conversationId}`,
  };
};

export type LiveKeys = ReturnType<typeof liveKeys>;

const CHANGES = ['counts', 'words'] as const;

export function createTweetLog(redis: RedisConnection, keys: LiveKeys): TweetLog {
  const liveLog = createLiveLog(redis, keys, newsOf);
  return {
    ...liveLog,
    missed: async (tweetIds, position) => {
      const news = CHANGES.flatMap((kind) => tweetIds.map((tweetId) => ({ kind, tweetId })));
      const last = await redis.client.mget(news.map(({ kind, tweetId }) => keys.last(kind, tweetId)));
      return news
        .map((each, at) => ({ ...each, position: last[at] ?? '0-0' }))
        .filter((each) => comparePositions(each.position, position) > 0)
        .sort((a, b) => comparePositions(a.position, b.position));
    },
    missedIn: async (conversationId, position, last) => {
      const entries = await redis.client.xrange(keys.thread(conversationId), `(${position}`, last);
      return entries
        .map(liveLog.read)
        .flatMap((each) => (each.kind === 'reply' || each.kind === 'end' ? [each] : []));
    },
  };
}

export function createAnnouncer(redis: RedisConnection, keys: LiveKeys): Announcer {
  const announceLast = async (kind: News['kind'], ids: readonly Id[]) => {
    const scripts = ids.map((id) => redis.change([...keys.logKeys(BUCKET), keys.last(kind, id)], [kind, id]));
    await Promise.all(scripts);
  };
  return {
    changed: announceLast,
    sightChanged: (userIds) => announceLast('sight', userIds),
    told: async (kind, conversationId, tweetIds) => {
      const said = tweetIds.map((id) => keys.last(kind, id));
      const names = [...keys.logKeys(BUCKET), keys.thread(conversationId), ...said];
      await redis.tell(names, [kind, conversationId, ...tweetIds]);
    },
  };
}

function newsOf({ kind, id = '', thread = '' }: LogFields): News | null {
  if (kind === 'counts' || kind === 'words') return { kind, tweetId: id };
  if (kind === 'reply' || kind === 'end') return { kind, conversationId: thread, tweetId: id };
  return kind === 'sight' ? { kind, userId: id } : null;
}
