import type { Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import type { Happening } from './live-event.ts';
import type { LiveGate } from './live-gate.ts';
import { Listener, type Finding, type ListenerOptions, type Matter } from './live-listener.ts';
import type { News, PlacedNews, TweetLog } from './live-log.ts';

/** Replies told of that a stream still takes back when the viewer may not see them any more. */
const MOST_REMEMBERED = 1000;

/** Follows what is written below a tweet. The log has it in order, so a reply comes behind the one that it answers. */
export class ConversationListener extends Listener {
  override readonly rootId: Id;
  #conversationId: Id | null = null;
  /** Replies told of, with their authors. */
  readonly #told = new Map<Id, Id>();

  constructor(viewerId: Id | null, tweetId: Id, options: ListenerOptions) {
    super(viewerId, options);
    this.rootId = tweetId;
  }

  /** For a tweet that never was there is none, and the stream stays silent. */
  override async prepare(gate: Pick<LiveGate, 'conversationOf'>): Promise<void> {
    this.#conversationId = await gate.conversationOf(this.rootId);
  }

  override async missed(log: TweetLog, from: LogPlace, to: LogPlace): Promise<PlacedNews[]> {
    return this.#conversationId === null
      ? []
      : log.missedIn(this.#conversationId, from.position, to.position);
  }

  protected override beginning(): Matter[] {
    return [];
  }

  protected override resume(): Matter[] {
    return [];
  }

  protected override concerns(news: News): Matter[] {
    if (news.kind === 'sight') {
      const { userId } = news;
      const unsure = [...this.#told].filter(([, authorId]) => [authorId, this.viewerId].includes(userId));
      return unsure.map(([tweetId]) => ({ kind: 'sight', tweetId }));
    }
    const isInIt = 'conversationId' in news && news.conversationId === this.#conversationId;
    return isInIt ? [{ kind: news.kind, tweetId: news.tweetId }] : [];
  }

  protected override dueMs(_: Matter, nowMs: number): number {
    return nowMs;
  }

  protected override happening({ kind, tweetId }: Matter, finding: Finding): Happening | null {
    const { sight, counts, isBelow } = finding;
    const isThere = sight !== null && !sight.isGone;
    if (kind === 'reply') {
      if (!isThere || !isBelow || tweetId === this.rootId) return null;
      this.#remember(tweetId, sight.authorId);
      return { kind, tweet: sight, counts };
    }
    if (isThere) return null;
    const wasTold = this.#told.delete(tweetId);
    // Of one that the viewer could not see, its end is none of their business either.
    return wasTold || (sight !== null && isBelow) ? { kind: 'removed', tweetId } : null;
  }

  #remember(tweetId: Id, authorId: Id): void {
    this.#told.set(tweetId, authorId);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MOST_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
  }
}
