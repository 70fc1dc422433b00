import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { compareIds, madeAt, newestFirst, type Id } from '../../platform/ids.ts';
import { registry } from '../../platform/process/metrics.ts';
import type { AuditStore, Finding, Snapshot } from './audit-store.ts';
import type { Deliveries } from './deliveries.ts';
import { walkPostgres } from './entry-walk.ts';
import type { HomeTimelineLists, ListSize, Slice } from './home-timeline-list.ts';
import type { Rebuilder } from './rebuild.ts';
import type { Receipts } from './receipts.ts';
import { WHOLE } from './stretch.ts';
import { ON_THE_WAY_MS } from './tweet-delivery.ts';
import type { VisibilityGate } from './visibility-gate.ts';

/** Compares home timelines as they are served with their definition, and repairs what differs. */
export interface Audits {
  /** Compares now, and keeps what it found. Rejects when Postgres does not answer. */
  audit(viewerId: Id): Promise<Finding>;
  last(viewerId: Id): Promise<Finding | null>;
}

export interface AuditsDeps {
  lists: Pick<HomeTimelineLists, 'look'>;
  receipts: Pick<Receipts, 'read'>;
  rebuilder: Pick<Rebuilder, 'build'>;
  deliveries: Pick<Deliveries, 'bring'>;
  store: AuditStore;
  gate: VisibilityGate;
  size: ListSize;
  now: () => number;
  log: Logger;
}

const audits = new Counter({
  name: 'roost_home_timeline_audits_total',
  help: 'Home timelines compared with their definition: exact, repaired, or differed and could not be repaired.',
  labelNames: ['outcome'] as const,
  registers: [registry],
});

interface Comparison {
  served: Id[];
  missing: Id[];
  surplus: Id[];
  isExact: boolean;
}

export function createAudits(deps: AuditsDeps): Audits {
  const { lists, receipts, rebuilder, deliveries, store, gate, size, now, log } = deps;

  /** All of a list; null where there is none, and pages come from Postgres. */
  const listOf = async (viewerId: Id): Promise<Slice | null> => {
    try {
      return (await lists.look(viewerId, { ...WHOLE, limit: size.kept + size.slack })).slice;
    } catch (err) {
      log.debug({ err }, 'auditing without redis');
      return null;
    }
  };

  /**
   * The list is read first, then everything else in one snapshot, which decides what should have been there. So what
   * is missing may also have come between the two, be on its way, or be gone by now: those are no differences.
   */
  async function compare(viewerId: Id): Promise<Comparison> {
    const list = await listOf(viewerId);
    const { served, defined } = await store.inSnapshot(async (snapshot) => {
      const { stamp } = await snapshot.gate.pass(viewerId, []);
      const { ids, floor } = await candidates(snapshot, viewerId, list?.stamp === stamp ? list : null);
      const { entries } = await snapshot.gate.pass(viewerId, ids);
      return {
        served: entries.map(({ id }) => id).filter((id) => compareIds(id, floor) >= 0),
        defined: await snapshot.definition(viewerId, floor),
      };
    });
    const isServed = new Set(served);
    const isDefined = new Set(defined);
    const absent = defined.filter((id) => !isServed.has(id));
    const missing = await reallyMissing(viewerId, absent);
    const excused = new Set(absent.filter((id) => !missing.includes(id)));
    const surplus = served.filter((id) => !isDefined.has(id));
    const wanted = defined.filter((id) => !excused.has(id));
    return { served, missing, surplus, isExact: served.join() === wanted.join() };
  }

  /** What a first page would be chosen from, if it were that long. */
  async function candidates({ entries }: Snapshot, viewerId: Id, list: Slice | null) {
    if (list !== null) {
      const own = await entries.ownIn(viewerId, { ...WHOLE, newerThan: list.floor, limit: size.kept });
      return { ids: [...new Set([...list.ids, ...own])], floor: list.floor };
    }
    const ids: Id[] = [];
    for await (const step of walkPostgres(entries, viewerId, { ...WHOLE, limit: size.kept }, now)) {
      ids.push(...step.ids);
      if (ids.length >= size.kept) break;
    }
    return { ids, floor: ids.length < size.kept ? '0' : (ids.sort(newestFirst).at(-1) ?? '0') };
  }

  async function reallyMissing(viewerId: Id, absent: readonly Id[]): Promise<Id[]> {
    if (absent.length === 0) return [];
    const delivered = await areDelivered(absent);
    const list = await listOf(viewerId);
    const { entries, stamp } = await gate.pass(viewerId, absent);
    if (list === null || list.stamp !== stamp) return [];
    const isThere = new Set(list.ids);
    return entries
      .map(({ id }) => id)
      .filter((id) => delivered.has(id) && !isThere.has(id) && compareIds(id, list.floor) >= 0);
  }

  async function areDelivered(ids: readonly Id[]): Promise<Set<Id>> {
    const found = await receipts.read(ids).catch(() => []);
    return new Set(
      ids.filter((id, at) => found[at]?.isComplete === true || now() - madeAt(id) > ON_THE_WAY_MS),
    );
  }

  /** Whether it is equal again. */
  async function repair(viewerId: Id): Promise<boolean> {
    const isBuilt = await rebuilder.build(viewerId).catch((err: unknown) => {
      log.warn({ err, viewerId }, 'a list that differs could not be built anew');
      return false;
    });
    if (!isBuilt) return false;
    const { isExact } = await compare(viewerId);
    await deliveries.bring({ kind: 'reset', cause: 'REBUILT' }, [viewerId]);
    return isExact;
  }

  return {
    last: (viewerId) => store.last(viewerId),

    audit: async (viewerId) => {
      const { served, missing, surplus, isExact } = await compare(viewerId);
      if (!isExact) {
        log.error({ viewerId, missing, surplus }, 'a home timeline is not what its definition says');
      }
      const checkedAt = new Date(now());
      const isRepaired = !isExact && (await repair(viewerId));
      const finding: Finding = {
        checkedAt,
        comparedCount: served.length + missing.length,
        missingCount: missing.length,
        surplusCount: surplus.length,
        isExact,
        repairedAt: isRepaired ? new Date(now()) : null,
      };
      audits.inc({ outcome: isExact ? 'exact' : isRepaired ? 'repaired' : 'differed' });
      await store.keep(viewerId, finding);
      return finding;
    },
  };
}
