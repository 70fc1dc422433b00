import type { Logger } from 'pino';
import { compareIds, idAbove, idBelow, lowestIdAt, MAX_ID, type Id } from '../../platform/ids.ts';
import { invalid, type ValidationRefusal } from '../errors.ts';
import { namedEntry } from './cursors.ts';
import type { Deliveries } from './deliveries.ts';
import type { HomeTimeline, PlacedEntry } from './home-timeline.ts';
import type { ReadPosition, ReadPositionStore } from './read-position-store.ts';

/** How far people have read, on all of their devices. */
export interface ReadPositions {
  of(viewerId: Id): Promise<ReadPosition | null>;
  /** Why it was refused, or null. Moving it to where it stands changes nothing and is told to nobody. */
  move(
    viewerId: Id,
    edgeCursor: string,
    options: { allowBackward: boolean },
  ): Promise<ValidationRefusal | null>;
  /** The entry that it names; null when that no longer stands. */
  entryAt(position: ReadPosition): Promise<PlacedEntry | null>;
  /** How many are newer, counted up to `atMost`. */
  newerCount(position: ReadPosition, atMost: number): Promise<number>;
}

export interface ReadPositionsDeps {
  store: ReadPositionStore;
  timeline: HomeTimeline;
  deliveries: Pick<Deliveries, 'bring'>;
  now: () => number;
  log: Logger;
}

/** Clocks differ by less; what names a later moment is no entry, and would hold the position for as long. */
const CLOCKS_DIFFER_MS = 60_000;

const FIELD = ['edgeCursor'];

export const createReadPositions = ({
  store,
  timeline,
  deliveries,
  now,
  log,
}: ReadPositionsDeps): ReadPositions => ({
  of: (viewerId) => store.of(viewerId),

  move: async (viewerId, edgeCursor, options) => {
    const entryId = namedEntry(edgeCursor);
    if (entryId === null || compareIds(entryId, lowestIdAt(now() + CLOCKS_DIFFER_MS)) > 0)
      return invalid(FIELD, 'MALFORMED', 'This is not the cursor of an entry of a home timeline.');
    if (await store.move(viewerId, entryId, options)) {
      // It is moved: other devices that can't be told now see it when they ask.
      await deliveries
        .bring({ kind: 'moved' }, [viewerId])
        .catch((err: unknown) => log.debug({ err }, 'a read position moved in silence'));
    }
    return null;
  },

  entryAt: async ({ viewerId, entryId }) => {
    const { entries } = await timeline.read(viewerId, {
      direction: 'down',
      newerThan: idBelow(entryId),
      olderThan: idAbove(entryId),
      limit: 1,
    });
    return entries[0] ?? null;
  },

  newerCount: async ({ viewerId, entryId }, atMost) => {
    const { entries } = await timeline.read(viewerId, {
      direction: 'up',
      newerThan: entryId,
      olderThan: MAX_ID,
      limit: atMost,
    });
    return entries.length;
  },
});
