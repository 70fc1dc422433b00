import { madeAt, type Id } from '../../platform/ids.ts';
import type { SeenEntry } from './visibility-gate.ts';

/** Which way an entry came onto a timeline. Told from what is known anyway; nothing is stored for it. */
export type Path = 'DELIVERED' | 'BACKFILLED' | 'RESTORED';

/** Where a page found an entry: on the list, since when entries were delivered to it; or in Postgres, below its floor. */
export type Origin = { deliveredSinceMs: number } | 'postgres';

/** Why an entry is on a home timeline, in ids and moments. */
export type Reason = { explanation: string; path: Path } & (
  | { kind: 'own'; retweetedAt: Date | null }
  | { kind: 'author'; authorId: Id; followedAt: Date; answeringId: Id | null }
  | { kind: 'retweeter'; retweeterId: Id; retweetedAt: Date; followedAt: Date }
);

export function pathOf({ id, followedAt }: SeenEntry, origin: Origin): Path {
  const enteredMs = madeAt(id);
  if (followedAt !== null && enteredMs < followedAt.getTime()) return 'BACKFILLED';
  return origin !== 'postgres' && enteredMs >= origin.deliveredSinceMs ? 'DELIVERED' : 'RESTORED';
}

export function reasonOf(viewerId: Id, entry: SeenEntry, path: Path): Reason {
  const { authorId, authorName, followedAt, answering } = entry;
  const retweetedAt = entry.id === entry.tweetId ? null : new Date(madeAt(entry.id));
  if (followedAt === null) {
    const explanation = retweetedAt === null ? 'You wrote it.' : 'You retweeted it.';
    return { kind: 'own', explanation, path, retweetedAt };
  }
  if (retweetedAt !== null) {
    const explanation = `You follow @${authorName}, who retweeted it.`;
    return { kind: 'retweeter', explanation, path, retweeterId: authorId, retweetedAt, followedAt };
  }
  return {
    kind: 'author',
    explanation: `You follow @${authorName}${answered(viewerId, entry)}.`,
    path,
    authorId,
    followedAt,
    answeringId: answering?.name == null ? null : answering.userId,
  };
}

function answered(viewerId: Id, { authorId, answering }: SeenEntry): string {
  if (answering === null) return '';
  if (answering.userId === viewerId) return ', who answers you';
  if (answering.userId === authorId) return ', who adds to a tweet of their own';
  return answering.name === null ? '' : `, who answers @${answering.name}, whom you follow too`;
}
