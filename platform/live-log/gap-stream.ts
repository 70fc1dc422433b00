export interface GapStreamOptions<Event> {
  /** What stands for all that a slow reader lost. `last`: the newest of it. */
  gap: (sinceMs: number, last: Event) => Event;
  /** Completes an event when it is read and not before: a reader that is slow costs nothing. Must not reject. Null: it is complete. */
  fill?: (event: Event) => Promise<Event> | null;
  /** Called once, when the stream has ended from either side. */
  onEnd: () => void;
}

/** A reader that is further behind than this gets a gap in place of them all. */
const MOST_WAITING = 200;

/**
 * A stream that never loses in silence. Events wait for a slow reader up to a bound; beyond it they become one gap, and the stream goes
 * on. Written by hand, because an `async function*` does not settle its `return` before its next event.
 */
export class GapStream<Event> implements AsyncGenerator<Event, void, void> {
  readonly #options: GapStreamOptions<Event>;
  readonly #readers: PromiseWithResolvers<IteratorResult<Event, void>>[] = [];
  #events: { event: Event; sinceMs: number }[] = [];
  #isFilling = false;
  #ended = false;

  constructor(options: GapStreamOptions<Event>) {
    this.#options = options;
  }

  /** @param sinceMs when the first of them happened. */
  push(event: Event, sinceMs: number): void {
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

  next(): Promise<IteratorResult<Event, void>> {
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    const reader: PromiseWithResolvers<IteratorResult<Event, void>> = Promise.withResolvers();
    this.#readers.push(reader);
    this.#serve();
    return reader.promise;
  }

  return(): Promise<IteratorResult<Event, void>> {
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(): Promise<IteratorResult<Event, void>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #loseAll(last: Event): void {
    const sinceMs = Math.min(...this.#events.map((waiting) => waiting.sinceMs));
    this.#events = [{ event: this.#options.gap(sinceMs, last), sinceMs }];
  }

  #serve(): void {
    while (!this.#isFilling && this.#readers.length > 0) {
      const waiting = this.#events.shift();
      if (waiting === undefined) return;
      const filled = this.#options.fill?.(waiting.event) ?? null;
      if (filled === null) this.#readers.shift()?.resolve({ value: waiting.event, done: false });
      else void this.#serveFilled(filled);
    }
  }

  async #serveFilled(filled: Promise<Event>): Promise<void> {
    this.#isFilling = true;
    const value = await filled;
    this.#isFilling = false;
    this.#readers.shift()?.resolve({ value, done: false });
    this.#serve();
  }
}
