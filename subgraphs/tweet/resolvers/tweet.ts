import type { Id } from '../../../platform/ids.ts';
import { connectionOf, cursorOf, pageOf, type Page } from '../../connection.ts';
import { globalId, rowId } from '../../global-id.ts';
import type { Loaders } from '../loaders.ts';
import { placeOf } from '../place.ts';
import type { TweetResolvers } from '../schema.generated.ts';
import { userOf } from './references.ts';

/** @param list names order and tweet too, so that no cursor is taken for a place in another list. */
const threadPage = async (list: string, page: Page, ids: Id[], loaders: Loaders) =>
  connectionOf(page, await Promise.all(ids.map((id) => placeOf(id, loaders))), (node) => ({
    cursor: cursorOf(list, node.id),
    node,
  }));

export const Tweet: TweetResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.tweet.load(rowId('tweet', id)),
  id: ({ id }) => globalId('tweet', id),
  author: ({ authorId }) => userOf(authorId),
  url: ({ id }, _, { addressOf }) => addressOf(id),
  inReplyTo: ({ inReplyToId }, _, { loaders }) =>
    inReplyToId === null ? null : placeOf(inReplyToId, loaders),
  conversationId: ({ conversationId }) => globalId('tweet', conversationId),
  ancestors: async ({ id }, args, { lists, loaders }) => {
    const list = `ancestors-${id}`;
    const page = pageOf(list, args.first == null && args.last == null ? { ...args, last: 20 } : args);
    return threadPage(list, page, await lists.ancestors(id, page), loaders);
  },
  replies: async ({ id }, { order, ...args }, { loaders }) => {
    const list = `replies-${order}-${id}`;
    const page = pageOf(list, args);
    return threadPage(list, page, await loaders.replies(id, order, page), loaders);
  },
  likeCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).likeCount,
  retweetCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).retweetCount,
  replyCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).replyCount,
  viewerHasLiked: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).liked,
  viewerHasRetweeted: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).retweeted,
  viewerCanDelete: ({ authorId }, _, { caller }) => caller.viewer?.userId === authorId,
};
