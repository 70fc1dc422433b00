import type { Logger } from 'pino';
import { again, type Again } from '../../platform/process/again.ts';
import type { Audits } from './audit.ts';
import type { AuditStore } from './audit-store.ts';
import { BUCKETS } from './buckets.ts';
import type { HomeTimelineLists } from './home-timeline-list.ts';

export interface AuditRoundsDeps {
  audits: Audits;
  store: Pick<AuditStore, 'notSince'>;
  lists: Pick<HomeTimelineLists, 'presentIn'>;
  now: () => number;
  log: Logger;
}

/** A round through all buckets takes a little over an hour. */
const INTERVAL_MS = 15_000;
/** Of a bucket at a time: an audit reads a timeline twice, and nobody waits for it. */
const AT_ONCE = 2;
const TURN_MS = 24 * 60 * 60 * 1000;

/** Audits some people of a bucket who looked of late, and whose turn it is: once a day. Gives how many. */
export async function auditSome(
  { audits, store, lists, now }: Omit<AuditRoundsDeps, 'log'>,
  bucket: number,
): Promise<number> {
  const present = await lists.presentIn(bucket);
  const due = (await store.notSince(present, new Date(now() - TURN_MS))).slice(0, AT_ONCE);
  for (const viewerId of due) await audits.audit(viewerId);
  return due.length;
}

/** Does so, bucket after bucket, as long as it runs. Beside others that do the same, turns come sooner. */
export function startAuditRounds(deps: AuditRoundsDeps): Again {
  let bucket = Math.floor(Math.random() * BUCKETS);
  return again({ everyMs: INTERVAL_MS, restsFirst: true }, async () => {
    await auditSome(deps, bucket).catch((err: unknown) =>
      deps.log.warn({ err }, 'a home timeline could not be audited'),
    );
    bucket = (bucket + 1) % BUCKETS;
  });
}
