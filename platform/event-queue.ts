export interface EventQueueOptions {
  /** How many events may wait for a reader that is slow. */
  limit: number;
  /** What a reader is told who left more than `limit` events unread; what waited is thrown away. */
  overflow: () => Error;
  /** Called once, when nothing is read any more: the end was read, the reader left or was too slow. */
  onClosed: () => void;
}

type Reader<Event> = PromiseWithResolvers<IteratorResult<Event, void>>;

/**
 * Turns a source that pushes into a stream that is read, in order. `return` settles at once, also while an event is
 * awaited, which an `async function*` would not: it waits for its next event first. One reader; one `next` at a time.
 */
export class EventQueue<Event> implements AsyncGenerator<Event, void, void> {
  readonly #options: EventQueueOptions;
  readonly #events: (Event | Promise<Event>)[] = [];
  #reader: Reader<Event> | null = null;
  /** Whether the reader's event has left the queue but is still being made. */
  #awaiting = false;
  #end: { error: Error | null } | null = null;
  #closed = false;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /**
   * An event that is still being made keeps its place; one that rejects ends the stream there, with its error. Ignored
   * once the queue has ended.
   */
  push(event: Event | Promise<Event>): void {
    // Whoever reads up to it hears of it; perhaps nobody does.
    if (event instanceof Promise) event.catch(() => undefined);
    if (this.#end !== null) return;
    this.#events.push(event);
    if (this.#events.length > this.#options.limit) this.#abandon(this.#options.overflow());
    else this.#serve();
  }

  /** The source has no more events; what waits is still read, then the stream ends, with `error` if there is one. */
  end(error: Error | null = null): void {
    this.#end ??= { error };
    this.#serve();
  }

  next(): Promise<IteratorResult<Event, void>> {
    this.#reader = Promise.withResolvers();
    const { promise } = this.#reader;
    this.#serve();
    return promise;
  }

  return(): Promise<IteratorResult<Event, void>> {
    this.#abandon(null);
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

  #serve(): void {
    const reader = this.#reader;
    if (reader === null || this.#awaiting) return;
    const event = this.#events.shift();
    if (event instanceof Promise) {
      this.#awaiting = true;
      event.then(
        (value) => {
          // Otherwise this reader left meanwhile.
          if (this.#reader !== reader) return;
          this.#awaiting = false;
          this.#answer(reader, value);
        },
        (error: Error) => {
          if (this.#reader === reader) this.#abandon(error);
        },
      );
    } else if (event !== undefined) {
      this.#answer(reader, event);
    } else if (this.#end !== null) {
      this.#reader = null;
      const { error } = this.#end;
      this.#end = { error: null };
      this.#close();
      if (error === null) reader.resolve({ value: undefined, done: true });
      else reader.reject(error);
    }
  }

  #answer(reader: Reader<Event>, value: Event): void {
    this.#reader = null;
    reader.resolve({ value, done: false });
  }

  #abandon(error: Error | null): void {
    this.#events.length = 0;
    this.#awaiting = false;
    this.#end = { error };
    this.#serve();
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClosed();
  }
}
