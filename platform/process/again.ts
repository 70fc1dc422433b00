import { setTimeout as pause } from 'node:timers/promises';

/** What is done in the background, again and again. */
export interface Again {
  /** Has it done at once; once more, when it is under way. */
  now(): void;
  /** Aborts the signal of what is under way, and resolves with its end. */
  stop(): Promise<void>;
}

/** Does `work`, which must not reject, at start and from then on, resting between. `restsFirst`: not at start. */
export function again(
  { everyMs, restsFirst = false }: { everyMs: number; restsFirst?: boolean },
  work: (signal: AbortSignal) => Promise<void>,
): Again {
  const stopping = new AbortController();
  let resting = new AbortController();
  const rest = () => pause(everyMs, undefined, { signal: resting.signal, ref: false }).catch(() => undefined);
  const run = async () => {
    if (restsFirst) await rest();
    while (!stopping.signal.aborted) {
      resting = new AbortController();
      await work(stopping.signal);
      await rest();
    }
  };
  const running = run();
  return {
    now: () => resting.abort(),
    stop: async () => {
      stopping.abort();
      resting.abort();
      await running;
    },
  };
}
