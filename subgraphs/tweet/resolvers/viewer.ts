import { connectionOf, cursorOf, pageOf } from '../../connection.ts';
import { globalId, rowId } from '../../global-id.ts';
import { momentKey } from '../id-order.ts';
import type { ViewerResolvers } from '../schema.generated.ts';
import { seenEdges } from './seen-edges.ts';

export const Viewer: ViewerResolvers = {
  // Nobody is the viewer but whoever asks: the id of another leads nowhere.
  __resolveReference: ({ id }, { caller: { viewer } }) =>
    viewer !== null && globalId('user', viewer.userId) === id ? { id } : null,
  bookmarks: async ({ id }, args, { lists, loaders }) => {
    const userId = rowId('user', id);
    const list = `bookmarks-${userId}`;
    const page = pageOf(list, args);
    const kept = await lists.bookmarkedBy(userId, page, loaders.reading);
    const rows = await seenEdges(kept, ({ tweetId }) => tweetId, loaders);
    return connectionOf(page, rows, ({ row: { tweetId, at }, node }) => ({
      cursor: cursorOf(list, ...momentKey(at, tweetId)),
      node,
      bookmarkedAt: at,
    }));
  },
};
