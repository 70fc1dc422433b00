import type { Id } from '../../../platform/ids.ts';
import type { Loaders } from '../loaders.ts';

/**
 * The rows of a list with the tweet of each, as the viewer may see it now: null where the list, which may come from a
 * replica, did not know yet.
 */
export const seenEdges = <Row>(rows: readonly Row[], tweetOf: (row: Row) => Id, { tweet }: Loaders) =>
  Promise.all(rows.map(async (row) => ({ row, node: await tweet.load(tweetOf(row)) })));
