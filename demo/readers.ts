import type { SubgraphSource } from '../gateway/source.ts';
import type { Id } from '../platform/ids.ts';
import { createLog } from '../platform/process/log.ts';

export interface ReadersOptions {
  /** The timeline subgraph. */
  timeline: Pick<SubgraphSource, 'execute'>;
  people: readonly Id[];
}

/** One of so many is away: their timelines are built when they come back, like everybody's who was gone for a month. */
const AWAY_ONE_OF = 10;
const READ_WITHIN_MS = 5000;

/**
 * Lets demo people look at their home timelines once, so that they count as active: they have a list in Redis, and what
 * is posted is fanned out to them. One after the other, in the background.
 */
export function startReaders({ timeline, people }: ReadersOptions): { stop: () => Promise<void> } {
  const log = createLog('readers');
  let stopped = false;

  async function read(): Promise<void> {
    const active = people.filter((_, index) => index % AWAY_ONE_OF !== AWAY_ONE_OF - 1);
    for (const userId of active) {
      if (stopped) return;
      const { errors } = await timeline.execute(
        { query: '{ homeTimeline(first: 1) { liveCursor } }' },
        {
          caller: {
            viewer: { userId, sessionId: '0' },
            address: '127.0.0.1',
            userAgent: 'reader',
            readsOwnWrites: false,
          },
          signal: AbortSignal.timeout(READ_WITHIN_MS),
          setCookie: () => undefined,
        },
      );
      if (errors !== undefined) log.debug({ errors, userId }, 'could not read');
    }
  }
  const reading = read().catch((err: unknown) => log.error({ err }, 'readers ended'));
  return {
    stop: async () => {
      stopped = true;
      await reading;
    },
  };
}
