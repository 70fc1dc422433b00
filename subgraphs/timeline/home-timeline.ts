import type { Logger } from 'pino';
import { compareIds, newestFirst, type Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import { moreThan, walkPostgres, type Step } from './entry-walk.ts';
import type { EntryStore } from './entry-store.ts';
import type { HomeTimelineLists, Slice } from './home-timeline-list.ts';
import { pathOf, type Origin, type Path } from './reason.ts';
import type { Rebuilder } from './rebuild.ts';
import { beyond, orderOf, type Stretch } from './stretch.ts';
import type { SeenEntry, VisibilityGate } from './visibility-gate.ts';

export interface HomeTimeline {
  /**
   * The entries of a stretch, from its near end: `limit` of them as long as there are so many. Newest first, whichever
   * way it was read. It equals the definition, whatever Redis holds or lost; rejects when Postgres does not answer.
   */
  read(viewerId: Id, stretch: Stretch): Promise<HomeTimelinePage>;
}

export interface HomeTimelinePage {
  entries: PlacedEntry[];
  /** Where the live log stood before anything was read; null while Redis is out of reach. */
  place: LogPlace | null;
}

export interface PlacedEntry extends SeenEntry {
  path: Path;
}

export interface HomeTimelineDeps {
  lists: HomeTimelineLists;
  /** Around each call of `lists`; rejects at once while Redis is known to be out of reach. */
  guard: <T>(work: () => Promise<T>) => Promise<T>;
  store: EntryStore;
  gate: VisibilityGate;
  rebuilder: Rebuilder;
  now: () => number;
  log: Logger;
}

/** Some candidates do not pass: so most pages are full with one look and one judgement. */
const candidatesFor = (limit: number) => limit * 2 + 10;

/** People who follow and unfollow while they read get a page that was right at some moment of it. */
const ATTEMPTS = 4;

export function createHomeTimeline(deps: HomeTimelineDeps): HomeTimeline {
  const { lists, guard, store, gate, rebuilder, now, log } = deps;

  const look = async (viewerId: Id, stretch: Stretch) => {
    try {
      return await guard(() => lists.look(viewerId, stretch));
    } catch (err) {
      log.debug({ err }, 'reading without redis');
      return null;
    }
  };

  return {
    read: async (viewerId, stretch) => {
      const wanted = { ...stretch, limit: candidatesFor(stretch.limit) };
      // Before anything else is read: what happens from here on is on the log behind this place.
      const found = await look(viewerId, wanted);
      const slice = found?.slice ?? null;
      const place = found?.place ?? null;
      let steps =
        slice !== null && reaches(slice, stretch)
          ? throughList(viewerId, wanted, slice)
          : throughPostgres(viewerId, wanted);
      if (found !== null && slice === null) rebuilder.request(viewerId);

      for (let attempt = 1; ; attempt++) {
        const { entries, isOfOneMoment } = await gather(viewerId, steps, stretch);
        if (isOfOneMoment || attempt === ATTEMPTS) {
          return { entries: entries.sort((a, b) => newestFirst(a.id, b.id)), place };
        }
        // The list was made for others than the viewer follows now, or that changed just now.
        if (found !== null) rebuilder.request(viewerId);
        steps = throughPostgres(viewerId, wanted);
      }
    },
  };

  /** Judges step by step until the page is full; stops where a step and its judgement saw different follows. */
  async function gather(viewerId: Id, steps: AsyncGenerator<OriginStep, void>, stretch: Stretch) {
    const inOrder = orderOf(stretch);
    const entries: PlacedEntry[] = [];
    let stamp: string | undefined;
    for await (const step of steps) {
      stamp ??= step.stamp;
      // Postgres says for itself that there is nothing; whether a list without entries is still right, the gate knows.
      const isNothing = step.ids.length === 0 && step.origin === 'postgres';
      const seen = isNothing ? { stamp, entries: [] } : await gate.pass(viewerId, step.ids);
      if (step.stamp !== stamp || seen.stamp !== stamp) return { entries, isOfOneMoment: false };
      const passed = seen.entries.sort((a, b) => inOrder(a.id, b.id));
      entries.push(...passed.map((entry) => ({ ...entry, path: pathOf(entry, step.origin) })));
      if (entries.length >= stretch.limit) break;
    }
    return { entries: entries.slice(0, stretch.limit), isOfOneMoment: true };
  }

  async function* throughPostgres(viewerId: Id, stretch: Stretch): AsyncGenerator<OriginStep, void> {
    for await (const step of walkPostgres(store, viewerId, stretch, now))
      yield { ...step, origin: 'postgres' };
  }

  /** The list down to its floor, and Postgres from there. The viewer's own are read from Postgres throughout, since they count before they are delivered. */
  async function* throughList(
    viewerId: Id,
    stretch: Stretch,
    first: Slice,
  ): AsyncGenerator<OriginStep, void> {
    const origin = { deliveredSinceMs: first.builtAtMs };
    let rest = stretch;
    for (let slice: Slice | null = first; ;) {
      const { floor, stamp } = slice;
      const own = await store.ownIn(viewerId, aboveFloor(rest, floor));
      const ids = [...new Set([...slice.ids, ...own])].sort(orderOf(rest)).slice(0, rest.limit);
      yield { ids, stamp, origin };
      const last = ids.at(-1);
      if (ids.length < rest.limit || last === undefined) {
        if (rest.direction === 'up' || floor === '0') return;
        yield* throughPostgres(viewerId, { ...rest, olderThan: floor });
        return;
      }
      rest = { ...beyond(rest, last), limit: moreThan(rest.limit) };
      slice = (await look(viewerId, rest))?.slice ?? null;
      // Gone or another since: the stamp says no to what was gathered.
      if (slice === null || slice.floor !== floor || slice.stamp !== stamp) {
        yield { ids: [], stamp: 'gone', origin };
        return;
      }
    }
  }
}

interface OriginStep extends Step {
  origin: Origin;
}

/** Whether the near end of a stretch lies on the list. */
const reaches = ({ floor }: Slice, { direction, newerThan, olderThan }: Stretch): boolean =>
  floor === '0' || compareIds(direction === 'down' ? olderThan : newerThan, floor) > 0;

const aboveFloor = (stretch: Stretch, floor: Id): Stretch =>
  compareIds(stretch.newerThan, floor) < 0 ? { ...stretch, newerThan: floor } : stretch;
