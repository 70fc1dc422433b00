import type pg from 'pg';

/** What is done in the background, in batches, works with. */
export interface Work {
  primary: pg.Pool;
  /** Called after a commit that left an event in the outbox. */
  wake(): void;
  /** Aborts when the process stops: the batch in hand is the last. */
  signal: AbortSignal;
}
