import type { Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import type { TweetCounts } from './card-store.ts';
import type { Happening } from './live-event.ts';
import { Listener, type Finding, type ListenerOptions, type Matter } from './live-listener.ts';
import type { News, PlacedNews, TweetLog } from './live-log.ts';

/** No screen shows more, and people cannot read faster. */
const COUNTS_INTERVAL_MS = 1000;

/** Follows tweets on a screen: what they count, what they say, whether they are there. */
export class TweetListener extends Listener {
  readonly #ids: ReadonlySet<Id>;
  /** Those that the viewer was told of, or may have been. Null where it is not known. */
  readonly #seen = new Map<Id, { authorId: Id | null; counts: TweetCounts | null }>();
  readonly #countedAtMs = new Map<Id, number>();

  constructor(viewerId: Id | null, ids: ReadonlySet<Id>, options: ListenerOptions) {
    super(viewerId, options);
    this.#ids = ids;
  }

  override prepare(): Promise<void> {
    return Promise.resolve();
  }

  override missed(log: TweetLog, from: LogPlace): Promise<PlacedNews[]> {
    return log.missed([...this.#ids], from.position);
  }

  protected override beginning(): Matter[] {
    for (const seen of this.#seen.values()) seen.counts = null;
    return this.#all('counts');
  }

  /** Whether they could be seen before is not known any more: so who cannot see one now is told that it is gone. */
  protected override resume(): Matter[] {
    for (const id of this.#ids) this.#seen.set(id, { authorId: null, counts: null });
    return this.#all('sight');
  }

  protected override concerns(news: News): Matter[] {
    if (news.kind === 'sight') {
      const { userId } = news;
      if (userId === this.viewerId) return this.#all('sight');
      const theirs = [...this.#seen].filter(([, { authorId }]) => authorId === userId);
      return theirs.map(([tweetId]) => ({ kind: 'sight', tweetId }));
    }
    const { kind, tweetId } = news;
    if (!this.#ids.has(tweetId) || kind === 'reply') return [];
    return [{ kind: kind === 'end' ? 'sight' : kind, tweetId }];
  }

  protected override dueMs({ kind, tweetId }: Matter, nowMs: number): number {
    if (kind !== 'counts') return nowMs;
    return Math.max(nowMs, (this.#countedAtMs.get(tweetId) ?? 0) + COUNTS_INTERVAL_MS);
  }

  protected override happening({ kind, tweetId }: Matter, { sight, counts }: Finding): Happening | null {
    if (sight === null || sight.isGone) {
      return this.#seen.delete(tweetId) ? { kind: 'removed', tweetId } : null;
    }
    const known = this.#seen.get(tweetId)?.counts ?? null;
    const isTold = kind === 'counts' && !isSame(known, counts);
    this.#seen.set(tweetId, { authorId: sight.authorId, counts: isTold ? counts : known });
    if (kind === 'words') return { kind, tweet: sight, counts };
    if (!isTold) return null;
    this.#countedAtMs.set(tweetId, this.now());
    return { kind: 'counts', tweet: sight, counts };
  }

  #all(kind: 'counts' | 'sight'): Matter[] {
    return [...this.#ids].map((tweetId) => ({ kind, tweetId }));
  }
}

const isSame = (a: TweetCounts | null, b: TweetCounts): boolean =>
  a?.likeCount === b.likeCount &&
  a.retweetCount === b.retweetCount &&
  a.replyCount === b.replyCount &&
  a.quoteCount === b.quoteCount;
