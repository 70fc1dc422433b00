import { compareIds, MAX_ID, newestFirst, type Id } from '../../platform/ids.ts';

/** A part of a timeline, and from which end it is read. */
export interface Stretch {
  /** `down`: from the newest on. `up`: from the oldest on. */
  direction: 'down' | 'up';
  /** Bounds that do not belong to it themselves. */
  newerThan: Id;
  olderThan: Id;
  limit: number;
}

/** All of a timeline, from the newest on. */
export const WHOLE: Stretch = { direction: 'down', newerThan: '0', olderThan: MAX_ID, limit: Infinity };

/** For sorting into the order in which a stretch is read. */
export const orderOf = ({ direction }: Stretch) => (direction === 'down' ? newestFirst : compareIds);

/** What is left of a stretch behind an entry that was read. */
export const beyond = (stretch: Stretch, id: Id): Stretch =>
  stretch.direction === 'down' ? { ...stretch, olderThan: id } : { ...stretch, newerThan: id };
