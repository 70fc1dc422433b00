import { compareIds, newestFirst, type Id } from '../../platform/ids.ts';
import type { LogPlace } from '../../platform/live-log/live-log.ts';
import type { PlacedEntry } from './home-timeline.ts';
import type { Announcement, ResetCause } from './live-log.ts';
import type { Verdict } from './visibility-gate.ts';

/** What a stream tells its viewer. `place` is where the stream continues behind it. */
export type LiveEvent = { viewerId: Id; place: LogPlace } & Happening;

export type LiveEventOf<Kind extends Happening['kind']> = LiveEvent & { kind: Kind };

export type Happening =
  | { kind: 'added'; entries: PlacedEntry[] }
  | { kind: 'removed'; entries: { id: Id; tweetId: Id }[] }
  | { kind: 'reset'; cause: ResetCause }
  | { kind: 'moved' }
  /** What happened between the two moments is lost. `before`: the newest entry that is older than all of it. */
  | { kind: 'gap'; sinceMs: number; untilMs: number; before: Id | null };

const ENTRIES_PER_EVENT = 100;

/**
 * What announcements that came together mean to one viewer, by what the gate says about them: in few events, removals
 * first. An announced entry that may not be seen is not told of, unless it may have been told of before.
 */
export function happeningsOf(
  announcements: readonly Announcement[],
  verdicts: readonly Verdict[],
): Happening[] {
  const announced = announcements.flatMap((each) =>
    each.kind === 'added' || each.kind === 'removed' ? [each] : [],
  );
  const onlyAdded = new Set(announced.map(({ entryId }) => entryId));
  for (const { kind, entryId } of announced) if (kind === 'removed') onlyAdded.delete(entryId);

  const added: PlacedEntry[] = [];
  const removed: { id: Id; tweetId: Id }[] = [];
  for (const { entryId, tweetId, entry } of verdicts) {
    if (entry !== null) added.push({ ...entry, path: 'DELIVERED' });
    else if (!onlyAdded.has(entryId) || isBehindAnother(announced, entryId, tweetId)) {
      removed.push({ id: entryId, tweetId });
    }
  }
  added.sort((a, b) => newestFirst(a.id, b.id));

  const happenings: Happening[] = [
    ...inParts(removed).map((entries) => ({ kind: 'removed' as const, entries })),
    ...inParts(added).map((entries) => ({ kind: 'added' as const, entries })),
  ];
  const causes = new Set(announcements.flatMap((each) => (each.kind === 'reset' ? [each.cause] : [])));
  for (const cause of causes) happenings.push({ kind: 'reset', cause });
  if (announcements.some(({ kind }) => kind === 'moved')) happenings.push({ kind: 'moved' });
  return happenings;
}

/** An earlier entry of its tweet came as late as this one, which may have been told of in the meantime. */
const isBehindAnother = (
  announced: readonly { entryId: Id; tweetId: Id }[],
  entryId: Id,
  tweetId: Id,
): boolean => announced.some((other) => other.tweetId === tweetId && compareIds(other.entryId, entryId) < 0);

const inParts = <T>(all: T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / ENTRIES_PER_EVENT) }, (_, at) =>
    all.slice(at * ENTRIES_PER_EVENT, (at + 1) * ENTRIES_PER_EVENT),
  );
