import type { Id } from '../../platform/ids.ts';
import { GapStream } from '../../platform/live-log/gap-stream.ts';
import { comparePositions, type LogPlace } from '../../platform/live-log/live-log.ts';
import { START, unknownPlace, type Happening, type LiveEvent, type LiveEventOf } from './live-event.ts';
import type { LiveGate, Sight } from './live-gate.ts';
import type { TweetCounts } from './card-store.ts';
import type { Announcement, News, PlacedNews, TweetLog } from './live-log.ts';

/** Something that a stream may have to tell of a tweet, once it is looked up. */
export interface Matter {
  kind: 'counts' | 'words' | 'reply' | 'end' | 'sight';
  tweetId: Id;
}

/** What there is to know about it now. */
export interface Finding {
  /** Null when the viewer may not see its author, or it never was. */
  sight: Sight | null;
  counts: TweetCounts;
  /** Whether it is the listener's root, or stands below it, and the viewer may see the root's author. */
  isBelow: boolean;
}

/** A matter until it is told. */
export interface Waiting extends Matter {
  /** Behind which position it was announced: who resumes there is told again. */
  behind: string;
  dueMs: number;
}

/** An event that shows a tweet. */
export type Showing = LiveEventOf<'counts' | 'words' | 'reply'>;

export interface ListenerOptions {
  now: () => number;
  /** What is left to tell of a tweet that waited for the reader: it was judged when it came. Must not reject. */
  judge: (event: Showing) => Promise<LiveEvent>;
  onEnd: () => void;
}

/** Postgres was away for long, in a busy thread. */
const MOST_WAITING = 1000;

/**
 * One stream: what it still has to tell, and where it stands. A matter waits from its announcement until it is told, so
 * that what is announced often is told once, and the cursor of an event never claims what still waits.
 */
export abstract class Listener {
  readonly viewerId: Id | null;
  readonly stream: GapStream<LiveEvent>;
  /** Told are this tweet and what is below it; null: everything. */
  readonly rootId: Id | null = null;
  #place: LogPlace;
  /** What waits from the start of the log cannot have happened before. */
  #startMs: number;
  readonly #waiting = new Map<string, Waiting>();
  readonly #inHand = new Set<Waiting>();
  /** What is announced until it has its place. */
  #backlog: Announcement[] | null = [];
  /** An event that is read at once waited for nobody. */
  #arriving: LiveEvent | null = null;
  protected readonly now: () => number;

  constructor(viewerId: Id | null, { now, judge, onEnd }: ListenerOptions) {
    this.viewerId = viewerId;
    this.now = now;
    this.#place = unknownPlace(now());
    this.#startMs = this.#place.atMs;
    this.stream = new GapStream<LiveEvent>({
      gap: (sinceMs, { place }) => ({ kind: 'gap', place, sinceMs, untilMs: place.atMs }),
      fill: (event) => ('tweet' in event && event !== this.#arriving ? judge(event) : null),
      onEnd,
    });
  }

  /** What is to be told at the beginning, and after a gap. */
  protected abstract beginning(): Matter[];
  protected abstract concerns(news: News): Matter[];
  /** When it may be told, in ms since 1970; now unless it has to wait. */
  protected abstract dueMs(matter: Matter, nowMs: number): number;
  protected abstract happening(matter: Matter, finding: Finding): Happening | null;
  /** Before a resumed stream is told what it missed. */
  protected abstract resume(): Matter[];
  /** What has to be known before `missed` and `begin`. */
  abstract prepare(gate: Pick<LiveGate, 'conversationOf'>): Promise<void>;
  /** What was announced between two places, in order. */
  abstract missed(log: TweetLog, from: LogPlace, to: LogPlace): Promise<PlacedNews[]>;

  /** Goes on from a place of the log; `after` is an earlier one, and `missed` what was announced since. */
  begin(place: LogPlace, resumed: { after: LogPlace; missed: PlacedNews[] } | null): void {
    const { after, missed } = resumed ?? { after: { ...place, position: START }, missed: [] };
    this.#startMs = after.atMs;
    let behind = after.position;
    if (missed.length > MOST_WAITING) {
      this.lose(this.#msOf(behind), place);
      return;
    }
    const matters = resumed === null ? this.beginning() : this.resume();
    this.#place = place;
    for (const matter of matters) this.#note(matter, behind);
    for (const { position, ...news } of missed) {
      this.#hearOf(news, behind);
      behind = position;
    }
    this.#catchUp();
  }

  /** Tells what Postgres knows, until the log answers. */
  beginWithoutLog(): void {
    for (const matter of this.beginning()) this.#note(matter, START);
  }

  /** What was announced since then is lost; the log goes on from `place`. */
  lose(sinceMs: number, place: LogPlace): void {
    this.#place = place;
    this.#startMs = place.atMs;
    this.#waiting.clear();
    this.#inHand.clear();
    this.stream.push(
      { kind: 'gap', place: { ...place, position: START }, sinceMs, untilMs: place.atMs },
      sinceMs,
    );
    for (const matter of this.beginning()) this.#note(matter, START);
    this.#catchUp();
  }

  get hasBegun(): boolean {
    return this.#backlog === null;
  }

  get place(): LogPlace {
    return this.#place;
  }

  hear(announcements: readonly Announcement[]): void {
    if (this.#backlog !== null) {
      this.#backlog.push(...announcements);
      return;
    }
    for (const { position, ...news } of announcements) {
      const behind = this.#place.position;
      if (comparePositions(position, behind) <= 0) continue;
      if (news.kind !== 'origin' && news.kind !== 'other') this.#hearOf(news, behind);
      this.#place = { ...this.#place, position };
    }
    this.#place = { ...this.#place, atMs: this.now() };
  }

  /** When there is something to tell next, in ms since 1970; null when nothing waits. */
  get nextMs(): number | null {
    let next: number | null = null;
    for (const { dueMs } of this.#waiting.values()) next = Math.min(next ?? dueMs, dueMs);
    return next;
  }

  /** Takes what is due into hand, in order. */
  take(nowMs: number): Waiting[] {
    const due = [...this.#waiting].filter(([, { dueMs }]) => dueMs <= nowMs);
    for (const [key, waiting] of due) {
      this.#waiting.delete(key);
      this.#inHand.add(waiting);
    }
    return due.map(([, waiting]) => waiting);
  }

  /** Tells of a matter in hand, unless it was lost meanwhile. */
  tell(matter: Waiting, finding: Finding): void {
    if (!this.#inHand.delete(matter)) return;
    const happening = this.happening(matter, finding);
    if (happening === null) return;
    this.#arriving = { ...happening, place: this.#placeOfEvent() };
    this.stream.push(this.#arriving, this.#msOf(matter.behind));
    this.#arriving = null;
  }

  #catchUp(): void {
    const backlog = this.#backlog ?? [];
    this.#backlog = null;
    this.hear(backlog);
  }

  #hearOf(news: News, behind: string): void {
    for (const matter of this.concerns(news)) this.#note(matter, behind);
  }

  #note({ kind, tweetId }: Matter, behind: string): void {
    const key = `${kind} ${tweetId}`;
    if (this.#waiting.has(key)) return;
    this.#waiting.set(key, { kind, tweetId, behind, dueMs: this.dueMs({ kind, tweetId }, this.now()) });
    if (this.#waiting.size <= MOST_WAITING) return;
    const lost = [...this.#waiting.values(), ...this.#inHand];
    const sinceMs = Math.min(...lost.map((each) => this.#msOf(each.behind)));
    this.lose(sinceMs, { ...this.#place, atMs: this.now() });
  }

  /** When a position was announced: what is behind it happened no earlier. */
  #msOf(position: string): number {
    return position === START ? this.#startMs : Number(position.split('-')[0]);
  }

  /** Not behind anything that is still to be told. */
  #placeOfEvent(): LogPlace {
    let { position } = this.#place;
    for (const { behind } of [...this.#waiting.values(), ...this.#inHand]) {
      if (comparePositions(behind, position) < 0) position = behind;
    }
    return { ...this.#place, position, atMs: this.now() };
  }
}
