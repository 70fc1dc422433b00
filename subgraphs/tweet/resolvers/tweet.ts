import type { Id } from '../../../platform/ids.ts';
import { connectionOf, cursorOf, pageOf } from '../../connection.ts';
import { globalId, rowId } from '../../global-id.ts';
import { mayEdit } from '../edit.ts';
import { liveCursor } from '../live-event.ts';
import type { Loaders } from '../loaders.ts';
import { placeOf } from '../place.ts';
import type { TweetResolvers } from '../schema.generated.ts';
import type { Tweet as StoredTweet } from '../tweet.ts';
import { userOf } from './references.ts';
import { seenEdges } from './seen-edges.ts';

const placeOrNull = (id: Id | null, loaders: Loaders) => (id === null ? null : placeOf(id, loaders));

/** How often the words were changed; most never were, which takes no statement to know. */
const editsOf = async ({ id, editedAt }: StoredTweet, { revisions }: Loaders) =>
  editedAt === null ? [] : revisions.load(id);

export const Tweet: TweetResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.tweet.load(rowId('tweet', id)),
  id: ({ id }) => globalId('tweet', id),
  author: ({ authorId }) => userOf(authorId),
  url: ({ id }, _, { addressOf }) => addressOf('tweets', id),
  revisions: async (tweet, _, { loaders }) => {
    const { text, entities, createdAt, editedAt } = tweet;
    const before = await editsOf(tweet, loaders);
    return [...before, { text, entities, createdAt: editedAt ?? createdAt }];
  },
  inReplyTo: ({ inReplyToId }, _, { loaders }) => placeOrNull(inReplyToId, loaders),
  conversationId: ({ conversationId }) => globalId('tweet', conversationId),
  quoted: ({ quotedId }, _, { loaders }) => placeOrNull(quotedId, loaders),

  // Names of lists hold order and tweet too, so that no cursor is taken for a place in another list.
  ancestors: async ({ id }, args, { loaders }) => {
    const list = `ancestors-${id}`;
    const page = pageOf(list, args.first == null && args.last == null ? { ...args, last: 20 } : args);
    const ids = await loaders.ancestors.load(id, page);
    const rows = await Promise.all(ids.map((ancestor) => placeOf(ancestor, loaders)));
    return connectionOf(page, rows, (node) => ({ cursor: cursorOf(list, node.id), node }));
  },
  replies: async ({ id }, { order, ...args }, { loaders }) => {
    const list = `replies-${order}-${id}`;
    const page = pageOf(list, args);
    const now = await loaders.livePlace();
    const places = await loaders.replies.load(id, order, page);
    const rows = await Promise.all(
      places.map(async (place) => ({ ...place, node: await placeOf(place.id, loaders) })),
    );
    return {
      ...connectionOf(page, rows, ({ key, node }) => ({ cursor: cursorOf(list, ...key), node })),
      liveCursor: liveCursor(now),
    };
  },

  likeCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).likeCount,
  retweetCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).retweetCount,
  replyCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).replyCount,
  quoteCount: async ({ id }, _, { loaders }) => (await loaders.counts.load(id)).quoteCount,
  likedBy: async ({ id }, args, { loaders }) => {
    const list = `likers-${id}`;
    const page = pageOf(list, args);
    const likers = await loaders.likers.load({ tweetId: id, page });
    return connectionOf(page, likers, ({ userId, at, key }) => ({
      cursor: cursorOf(list, ...key),
      node: userOf(userId),
      likedAt: at,
    }));
  },
  retweetedBy: async ({ id }, args, { loaders }) => {
    const list = `retweeters-${id}`;
    const page = pageOf(list, args);
    const retweeters = await loaders.retweeters.load({ tweetId: id, page });
    return connectionOf(page, retweeters, ({ userId, at, key }) => ({
      cursor: cursorOf(list, ...key),
      node: userOf(userId),
      retweetedAt: at,
    }));
  },
  quotes: async ({ id }, args, { loaders }) => {
    const list = `quotes-${id}`;
    const page = pageOf(list, args);
    const ids = await loaders.quotes.load({ tweetId: id, page });
    const rows = await seenEdges(ids, (quote) => quote, loaders);
    return connectionOf(page, rows, ({ row, node }) => ({ cursor: cursorOf(list, row), node }));
  },

  viewerHasLiked: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).liked,
  viewerHasRetweeted: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).retweeted,
  viewerHasBookmarked: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).bookmarked,
  viewerCanReply: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).mayReply,
  viewerCanRetweet: async ({ id }, _, { loaders }) => (await loaders.viewerFlags.load(id)).mayShare,
  viewerCanEdit: async (tweet, _, { caller: { viewer }, loaders, now }) => {
    if (!mayEdit(tweet, viewer?.userId, 0, now())) return false;
    return mayEdit(tweet, viewer?.userId, (await editsOf(tweet, loaders)).length, now());
  },
  viewerCanDelete: ({ authorId }, _, { caller }) => caller.viewer?.userId === authorId,
};
