/** Handles what arrives for one partition, one after the other, apart from all other partitions. */
export interface PartitionQueue<M> {
  push(messages: M[]): void;
  /** How many are not done, with the one in hand. */
  readonly length: number;
  /** Drops what waits, tells the one in hand to give up waiting, and resolves when that has returned. */
  close(): Promise<void>;
}

export interface PartitionWork<M> {
  /** False when it gave up because the signal aborted: the message is not done. Never rejects. */
  handle(message: M, signal: AbortSignal): Promise<boolean>;
  /** Called after each message that is done. */
  onDone(message: M): void;
}

/** @param after nothing is handled before this: what an earlier queue of the same partition still has in hand. */
export function createPartitionQueue<M>(
  { handle, onDone }: PartitionWork<M>,
  after: Promise<void>,
): PartitionQueue<M> {
  const closing = new AbortController();
  const waiting: M[] = [];
  let inHand = 0;
  let working: Promise<void> | undefined;

  const work = async () => {
    await after;
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      inHand = 1;
      const done = await handle(message, closing.signal);
      inHand = 0;
      if (done) onDone(message);
    }
    working = undefined;
  };

  return {
    push: (messages) => {
      waiting.push(...messages);
      working ??= work();
    },
    get length() {
      return waiting.length + inHand;
    },
    close: async () => {
      closing.abort();
      waiting.length = 0;
      await Promise.all([after, working]);
    },
  };
}
