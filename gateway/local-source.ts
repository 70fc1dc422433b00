import { once } from 'node:events';
import { createExecutor } from '../subgraphs/executor.ts';
import type { Subgraph } from '../subgraphs/subgraph.ts';
import { timeout, type SubgraphSource } from './source.ts';

/** Asks a subgraph in this process. Whoever started the subgraph stops it. */
export function localSource(subgraph: Subgraph): SubgraphSource {
  const executor = createExecutor(subgraph);
  return {
    execute: async (operation, { caller, signal, setCookie }) => {
      const late = { errors: [timeout().toJSON()] };
      if (signal.aborted) return late;
      const answered = new AbortController();
      try {
        // graphql cannot be interrupted: at the deadline it runs on, and nobody waits for it.
        const deadline = once(signal, 'abort', { signal: answered.signal }).then(() => late);
        return await Promise.race([executor.execute(operation, { caller, setCookie }), deadline]);
      } finally {
        answered.abort();
      }
    },
    subscribe: (operation, { caller, setCookie }, sink) =>
      executor.subscribe(operation, { caller, setCookie }, sink),
    ready: () => subgraph.ready(),
    close: async () => undefined,
  };
}
