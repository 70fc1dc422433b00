import { connectionOf, cursorOf, pageOf } from '../../connection.ts';
import { rowId } from '../../global-id.ts';
import { momentKey } from '../id-order.ts';
import type { UserResolvers } from '../schema.generated.ts';
import { userOf } from './references.ts';
import { seenEdges } from './seen-edges.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => userOf(rowId('user', id)),
  tweetCount: ({ id }, _, { loaders }) => loaders.entryCount.load(rowId('user', id)),
  viewerCanSeeTweets: ({ id }, _, { loaders }) => loaders.seen.load(rowId('user', id)),
  pinnedTweet: async ({ id }, _, { loaders }) => {
    const tweetId = await loaders.pin.load(rowId('user', id));
    return tweetId === null ? null : loaders.tweet.load(tweetId);
  },
  tweets: async ({ id }, { filter, ...args }, { loaders }) => {
    const authorId = rowId('user', id);
    const list = `tweets-${filter}-${authorId}`;
    const page = pageOf(list, args);
    if (!(await loaders.seen.load(authorId))) return null;
    const entries = await loaders.posted.load(authorId, filter, page);
    const rows = await seenEdges(entries, ({ tweetId }) => tweetId, loaders);
    return connectionOf(page, rows, ({ row: entry, node }) => ({
      cursor: cursorOf(list, entry.id),
      node,
      retweetedAt: entry.id === entry.tweetId ? null : entry.createdAt,
    }));
  },
  likes: async ({ id }, args, { loaders }) => {
    const userId = rowId('user', id);
    const list = `likes-${userId}`;
    const page = pageOf(list, args);
    if (!(await loaders.seen.load(userId))) return null;
    const rows = await seenEdges(await loaders.liked.load(userId, page), ({ tweetId }) => tweetId, loaders);
    return connectionOf(page, rows, ({ row: { tweetId, at }, node }) => ({
      cursor: cursorOf(list, ...momentKey(at, tweetId)),
      node,
      likedAt: at,
    }));
  },
};
