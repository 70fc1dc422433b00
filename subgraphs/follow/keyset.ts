import { isId, type Id } from '../../platform/ids.ts';
import { cursorOf, type Page } from '../connection.ts';
import { badUserInput } from '../errors.ts';

/** The key of lists of people, which are sorted by since when: `[since, userId]` as statements take it. */
export type Place = [since: Date | 'infinity' | '-infinity', userId: Id];

/** Moments beyond have no four-digit year, and none of ours lies there. */
const LAST_MS = Date.UTC(9999, 11, 31);

export const cursorAt = (list: string, since: Date, userId: Id): string =>
  cursorOf(list, String(since.getTime()), userId);

/** Where a page continues, `start` for the first. Throws `BAD_USER_INPUT` for a cursor that names no moment and account. */
export function placeAfter({ after }: Page, start: Place): Place {
  if (after === null) return start;
  const [sinceMs = '', userId = '', ...rest] = after;
  if (Number(sinceMs) > LAST_MS || !isId(userId) || rest.length > 0)
    throw badUserInput('This cursor is not one of this list.');
  return [new Date(Number(sinceMs)), userId];
}
