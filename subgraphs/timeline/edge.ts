import { madeAt, type Id } from '../../platform/ids.ts';
import { globalId } from '../global-id.ts';
import { edgeCursor } from './cursors.ts';
import type { PlacedEntry } from './home-timeline.ts';
import { reasonOf, type Reason } from './reason.ts';

/** An entry as the API shows it. */
export interface Edge {
  cursor: string;
  node: { id: string };
  enteredAt: Date;
  because: Because;
}

/** Why, and of which entry that is: others may have retweeted it too. */
export type Because = Reason & { viewerId: Id; entryId: Id; tweetId: Id; olderThan: Id };

export type BecauseOf<Kind extends Reason['kind']> = Because & { kind: Kind };

/** @param olderThan the bound of the page that it is on. */
export const edgeOf = (viewerId: Id, entry: PlacedEntry, olderThan: Id): Edge => ({
  cursor: edgeCursor(entry.id),
  node: { id: globalId('tweet', entry.tweetId) },
  enteredAt: new Date(madeAt(entry.id)),
  because: {
    ...reasonOf(viewerId, entry, entry.path),
    viewerId,
    entryId: entry.id,
    tweetId: entry.tweetId,
    olderThan,
  },
});
