import { connectionOf, cursorOf, pageOf } from '../../connection.ts';
import { rowId } from '../../global-id.ts';
import type { UserResolvers } from '../schema.generated.ts';
import { userOf } from './references.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => userOf(rowId('user', id)),
  tweetCount: ({ id }, _, { loaders }) => loaders.entryCount.load(rowId('user', id)),
  tweets: async ({ id }, { filter, ...args }, { lists, loaders }) => {
    const authorId = rowId('user', id);
    const list = `tweets-${filter}-${authorId}`;
    const page = pageOf(list, args);
    const entries = await lists.byAuthor(authorId, filter, page, loaders.reading);
    const rows = entries.map(async (entry) => ({
      ...entry,
      node: await loaders.tweet.load(entry.tweetId),
    }));
    return connectionOf(page, await Promise.all(rows), ({ node, ...entry }) => ({
      cursor: cursorOf(list, entry.id),
      node,
      retweetedAt: entry.id === entry.tweetId ? null : entry.createdAt,
    }));
  },
};
