import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Id } from '../../platform/ids.ts';
import { walkPostgres } from './entry-walk.ts';
import type { EntryStore } from './entry-store.ts';
import type { HomeTimelineLists, ListSize, Slice } from './home-timeline-list.ts';
import { WHOLE } from './stretch.ts';

/** Builds lists in the background. Nobody waits for it: until a list is there, reads are answered by Postgres. */
export interface Rebuilder {
  /**
   * Asks for a list to be built soon, once however often it is asked. `onlyIfHeld`: not for somebody who has none.
   * May be dropped when very many are asked for at once; the next read asks again.
   */
  request(viewerId: Id, options?: { onlyIfHeld: boolean }): void;
  /** Builds it now. False when that failed: others build it, or they followed and unfollowed all the time. */
  build(viewerId: Id): Promise<boolean>;
  /** Resolves when nothing is being built. */
  idle(): Promise<void>;
  /** Finishes those that are being built; forgets the others. */
  stop(): Promise<void>;
}

export interface RebuilderDeps {
  lists: HomeTimelineLists;
  store: EntryStore;
  size: ListSize;
  now: () => number;
  log: Logger;
}

/** Few at a time, since after a loss of Redis everybody's are wanted at once, and the reads need Postgres more. */
const AT_ONCE = 2;
const MOST_WAITING = 10_000;

export function createRebuilder({ lists, store, size: { kept }, now, log }: RebuilderDeps): Rebuilder {
  const waiting = new Map<Id, boolean>();
  const running = new Map<Id, Promise<unknown>>();
  let stopped = false;

  const startNext = () => {
    for (const [viewerId, onlyIfHeld] of waiting) {
      if (running.size >= AT_ONCE) return;
      if (running.has(viewerId)) continue;
      waiting.delete(viewerId);
      const work = rebuild(viewerId, onlyIfHeld)
        .catch((err: unknown) => log.warn({ err, viewerId }, 'a list could not be built'))
        .finally(() => {
          running.delete(viewerId);
          startNext();
        });
      running.set(viewerId, work);
    }
  };

  /**
   * The mark comes first: what commits after Postgres was read is pushed after the mark, and so is collected. A crash
   * leaves the mark to expire; one that expired, or that Redis lost, leaves nothing to merge into.
   */
  async function rebuild(viewerId: Id, onlyIfHeld: boolean): Promise<boolean> {
    const token = randomUUID();
    if (!(await lists.beginBuilding(viewerId, token, onlyIfHeld))) return false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const built = await newestOf(viewerId);
      if (built === null) continue;
      return await lists.finishBuilding(viewerId, token, built);
    }
    return false;
  }

  /** Null when the viewer followed or unfollowed meanwhile. */
  async function newestOf(viewerId: Id): Promise<Slice | null> {
    const builtAtMs = now();
    const ids: Id[] = [];
    let stamp: string | undefined;
    for await (const step of walkPostgres(store, viewerId, { ...WHOLE, limit: kept }, now)) {
      stamp ??= step.stamp;
      if (step.stamp !== stamp) return null;
      ids.push(...step.ids);
      if (ids.length >= kept) break;
    }
    const newest = ids.slice(0, kept);
    const floor = ids.length < kept ? '0' : (newest.at(-1) ?? '0');
    return { ids: newest, floor, stamp: stamp ?? '', builtAtMs };
  }

  return {
    request: (viewerId, { onlyIfHeld } = { onlyIfHeld: false }) => {
      if (stopped || waiting.size >= MOST_WAITING) return;
      waiting.set(viewerId, onlyIfHeld && (waiting.get(viewerId) ?? true));
      startNext();
    },
    build: async (viewerId) => {
      await running.get(viewerId);
      return await rebuild(viewerId, false);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    stop: async () => {
      stopped = true;
      waiting.clear();
      await Promise.all(running.values());
    },
  };
}

/** More follows in a row than this, and the mark is left to expire. */
const ATTEMPTS = 5;
