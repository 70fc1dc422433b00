import { isId } from '../platform/ids.ts';
import { badUserInput } from './errors.ts';

/**
 * Lists by Relay's cursor specification, as keysets: a cursor names the values that the list is sorted by, so it stays
 * valid for good and a page costs the same however deep it lies.
 */
export interface Connection<Node, Edge extends { cursor: string } = { cursor: string; node: Node }> {
  edges: Edge[];
  nodes: Node[];
  pageInfo: PageInfo;
}

export interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** What a store is asked for: `limit` rows from one end of the stretch between two keys. */
export interface Page {
  /** Which end of the list the page begins at. */
  from: 'start' | 'end';
  limit: number;
  /** Only what comes behind this key. */
  after: string[] | null;
  /** Only what comes before this key. */
  before: string[] | null;
}

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

/**
 * Checks `first`/`after`/`last`/`before` and opens the cursors. `list` is the list's own name: the cursor of another
 * list is `BAD_USER_INPUT`, and so is a size outside 1 to 100 or `first` together with `last`.
 */
export function pageOf(list: string, { first, after, last, before }: PageArguments): Page {
  if (first != null && last != null) throw badUserInput('Give `first` or `last`, not both.');
  const limit = first ?? last ?? DEFAULT_SIZE;
  if (limit < 1 || limit > MAX_SIZE) {
    throw badUserInput(`\`${last == null ? 'first' : 'last'}\` goes from 1 to ${MAX_SIZE}.`);
  }
  return {
    from: last == null ? 'start' : 'end',
    limit,
    after: after == null ? null : openCursor(list, after),
    before: before == null ? null : openCursor(list, before),
  };
}

/** Opaque text that names a place in a list. The same place has the same text. */
export const cursorOf = (list: string, ...key: string[]): string =>
  Buffer.from([list, ...key].join(' ')).toString('base64url');

/** The key that `cursorOf` was given; `BAD_USER_INPUT` for the cursor of another list and for any other text. */
export function openCursor(list: string, cursor: string): string[] {
  const [of, ...key] = Buffer.from(cursor, 'base64url').toString().split(' ');
  // Numbers and the names of lists are all that we put into a cursor, so all else is not ours.
  if (of !== list || key.length === 0 || !key.every(isKeyPart)) {
    throw badUserInput('This cursor is not one of this list.');
  }
  return key;
}

/** Beyond 64 bits, Postgres would fail instead of finding nothing. */
const isKeyPart = (part: string): boolean => part === '0' || isId(part);

/**
 * A page from rows that a store gave for `page`, which was asked for one row more than `limit` to know whether there
 * is more. Rows come in the list's order, whichever end the page began at.
 */
export function connectionOf<Row, Edge extends { cursor: string; node: unknown }>(
  page: Page,
  rows: readonly Row[],
  edgeOf: (row: Row) => Edge,
): Connection<Edge['node'], Edge> {
  const hasMore = rows.length > page.limit;
  const shown = page.from === 'start' ? rows.slice(0, page.limit) : rows.slice(-page.limit);
  const edges = shown.map(edgeOf);
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.from === 'start' ? hasMore : page.before !== null,
      hasPreviousPage: page.from === 'end' ? hasMore : page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
