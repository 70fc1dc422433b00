import { compareIds, isId, madeAt, MAX_ID, shiftId, type Id } from '../../platform/ids.ts';
import { LAST_MS, type LogPlace } from '../../platform/live-log/live-log.ts';
import { cursorOf, openCursor, type Page } from '../connection.ts';
import { badUserInput } from '../errors.ts';
import type { Stretch } from './stretch.ts';

/** The name of the home timeline's list in its cursors. */
export const HOME = 'home';
const LIVE = 'home-live';
const DELIVERY = 'delivery';

/** Names an entry, for good: the cursor is nothing but its id. */
export const edgeCursor = (entryId: Id): string => cursorOf(HOME, entryId);

/** The entry that an edge's cursor names; null for any other text. */
export function namedEntry(cursor: string): Id | null {
  const [list, id = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  return list === HOME && isId(id) && rest.length === 0 ? id : null;
}

/** What a page asks of the timeline: one entry more than the page holds, to know whether there is more. */
export function stretchOf(page: Page, asOf: Date | null): Stretch {
  const after = page.after === null ? MAX_ID : entryOf(page.after);
  const bound = asOf === null ? MAX_ID : firstIdAfter(asOf);
  return {
    direction: page.from === 'start' ? 'down' : 'up',
    newerThan: page.before === null ? '0' : entryOf(page.before),
    olderThan: compareIds(after, bound) < 0 ? after : bound,
    limit: page.limit + 1,
  };
}

/** A bound above all that was there by a moment, however far away that is. */
export const firstIdAfter = (moment: Date): Id => shiftId('0', moment.getTime() + 1 - madeAt('0'));

function entryOf(key: string[]): Id {
  const [id, ...rest] = key;
  if (id === undefined || rest.length > 0 || !isId(id))
    throw badUserInput('This cursor is not one of this list.');
  return id;
}

/** A viewer's place in the live log. For one that could not be asked, a place that no log has: it resumes with a gap. */
export const liveCursor = (viewerId: Id, { epoch, position, atMs }: LogPlace): string =>
  cursorOf(LIVE, viewerId, epoch, ...position.split('-'), String(Math.trunc(atMs)));

/** Where a log would stand that does not answer. */
export const unknownPlace = (nowMs: number): LogPlace => ({ epoch: '0', position: '0-0', atMs: nowMs });

/** Throws `BAD_USER_INPUT` for any other text, and for the cursor of somebody else. */
export function placeOf(viewerId: Id, cursor: string): LogPlace {
  const [of, epoch, ms, sequence, atMs, ...rest] = openCursor(LIVE, cursor);
  if (
    of !== viewerId ||
    epoch === undefined ||
    sequence === undefined ||
    atMs === undefined ||
    Number(atMs) > LAST_MS ||
    rest.length > 0
  ) {
    throw badUserInput('This cursor is not one of this stream.');
  }
  return { epoch, position: `${ms}-${sequence}`, atMs: Number(atMs) };
}

/** Behind an event of a tweet's delivery. Every event has the whole state, so it says no more than of which tweet. */
export const deliveryCursor = (tweetId: Id, moment: Date): string =>
  cursorOf(DELIVERY, tweetId, String(moment.getTime()));

/** Throws `BAD_USER_INPUT` for any other text, and for the cursor of another tweet. */
export function checkDeliveryCursor(tweetId: Id, cursor: string): void {
  const [of] = openCursor(DELIVERY, cursor);
  if (of !== tweetId) throw badUserInput('This cursor is not one of this stream.');
}
