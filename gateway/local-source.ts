import type { FormattedExecutionResult } from 'graphql';
import { createExecutor } from '../subgraphs/executor.ts';
import type { Subgraph } from '../subgraphs/subgraph.ts';
import { timeout, type SubgraphSource } from './source.ts';

/** Asks a subgraph in this process. Whoever started the subgraph stops it. */
export function localSource(subgraph: Subgraph): SubgraphSource {
  const executor = createExecutor(subgraph);
  return {
    execute: async (operation, { caller, signal, setCookie }) => {
      if (signal.aborted) return late();
      const { promise: deadline, resolve } = Promise.withResolvers<FormattedExecutionResult>();
      const expire = () => resolve(late());
      signal.addEventListener('abort', expire);
      try {
        // graphql cannot be interrupted: at the deadline it runs on, and nobody waits for it.
        return await Promise.race([executor.execute(operation, { caller, setCookie }), deadline]);
      } finally {
        signal.removeEventListener('abort', expire);
      }
    },
    subscribe: (operation, { caller, setCookie }, sink) =>
      executor.subscribe(operation, { caller, setCookie }, sink),
    ready: () => subgraph.ready(),
    close: async () => undefined,
  };
}

const late = (): FormattedExecutionResult => ({ errors: [timeout().toJSON()] });
