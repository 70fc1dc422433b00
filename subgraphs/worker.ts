/** What a subgraph does that nobody asks it for: its relay, its consumers, its chores. */
export interface Worker {
  /** Rejects while something that it cannot do without is out of reach. */
  ready(): Promise<void>;
  /** Finishes what is in hand, and leaves the rest to others. */
  stop(): Promise<void>;
}

/** One that relays an outbox. The subgraph in the same process rings it, and needs no Postgres for that. */
export interface RelayWorker extends Worker {
  /** Has it look for rows at once. False when the relay of another process leads. */
  ring(): boolean;
}
