import type { LiveEvent, LiveEventOf } from './live-event.ts';

type Gap = LiveEventOf<'gap'>;
type Reader = PromiseWithResolvers<IteratorResult<LiveEvent, void>>;

export interface LiveStreamOptions {
  /** Looks up where a gap ends, when it is read and not before: a reader that is slow costs nothing. Must not reject. */
  fill: (gap: Gap) => Promise<Gap>;
  /** Called once, when the stream has ended from either side. */
  onEnd: () => void;
}

/** A reader that is further behind than this gets a gap in place of them all. */
const MOST_WAITING = 200;

/**
 * One viewer's stream. Events wait for a slow reader up to a bound; beyond it they become one gap, and the stream goes
 * on. Written by hand, because an `async function*` does not settle its `return` before its next event.
 */
export class LiveStream implements AsyncGenerator<LiveEvent, void, void> {
  readonly #options: LiveStreamOptions;
  readonly #readers: Reader[] = [];
  #events: { event: LiveEvent; sinceMs: number }[] = [];
  #isFilling = false;
  #ended = false;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
  }

  /** @param sinceMs when the first of them happened. */
  push(event: LiveEvent, sinceMs: number): void {
    if (this.#ended) return;
    this.#events.push({ event, sinceMs });
    if (this.#events.length > MOST_WAITING) this.#loseAll(event);
    this.#serve();
  }

  /** The reader gets no more; what waits is forgotten. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events = [];
    for (const reader of this.#readers.splice(0)) reader.resolve({ value: undefined, done: true });
    this.#options.onEnd();
  }

  next(): Promise<IteratorResult<LiveEvent, void>> {
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    const reader: Reader = Promise.withResolvers();
    this.#readers.push(reader);
    this.#serve();
    return reader.promise;
  }

  return(): Promise<IteratorResult<LiveEvent, void>> {
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(): Promise<IteratorResult<LiveEvent, void>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #loseAll({ viewerId, place }: LiveEvent): void {
    const since = this.#events.map(({ event, sinceMs }) => (event.kind === 'gap' ? event.sinceMs : sinceMs));
    const sinceMs = Math.min(...since);
    const gap: Gap = { viewerId, place, kind: 'gap', sinceMs, untilMs: place.atMs, before: null };
    this.#events = [{ event: gap, sinceMs }];
  }

  #serve(): void {
    while (!this.#isFilling && this.#readers.length > 0) {
      const waiting = this.#events.shift();
      if (waiting === undefined) return;
      const { event } = waiting;
      if (event.kind === 'gap') void this.#serveGap(event);
      else this.#readers.shift()?.resolve({ value: event, done: false });
    }
  }

  async #serveGap(gap: Gap): Promise<void> {
    this.#isFilling = true;
    const value = await this.#options.fill(gap);
    this.#isFilling = false;
    this.#readers.shift()?.resolve({ value, done: false });
    this.#serve();
  }
}
