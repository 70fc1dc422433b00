import type { Id } from '../../platform/ids.ts';
import { connectionOf, cursorOf, pageOf, type Page } from '../connection.ts';
import { globalId, rowId } from '../global-id.ts';
import { DateTime, Language, URLScalar } from '../scalars.ts';
import { requireViewer } from '../viewer.ts';
import type { Loaders } from './loaders.ts';
import { postTweet } from './post-tweet.ts';
import type { Resolvers } from './schema.generated.ts';
import { noSuchTweet, notYourTweet, type Tweet } from './tweet.ts';

/** Stands where a tweet is not to be seen. */
export interface Tombstone {
  id: Id;
}

/** A place in a thread. */
export type Place = Tweet | Tombstone;

const user = (id: Id) => ({ id: globalId('user', id) });
const hashtag = (tag: string) => ({ id: globalId('hashtag', tag), name: tag });

/** @param list names order and tweet too, so that no cursor is taken for a place in another list. */
const threadPage = async (list: string, page: Page, ids: Id[], loaders: Loaders) =>
  connectionOf(page, await Promise.all(ids.map((id) => placeOf(id, loaders))), (node) => ({
    cursor: cursorOf(list, node.id),
    node,
  }));

const placeOf = async (id: Id, { tweet }: Loaders): Promise<Place> => (await tweet.load(id)) ?? { id };

/** What a change of likes or retweets answers. */
const reacted = async (tweetId: Id, stands: boolean, loaders: Loaders) => {
  loaders.afterWrite();
  const tweet = stands ? await loaders.tweet.load(tweetId) : null;
  return { tweet, errors: tweet === null ? [noSuchTweet('tweetId')] : [] };
};

export const resolvers: Resolvers = {
  DateTime,
  Language,
  URL: URLScalar,
  Query: {
    viewer: (_, __, { caller: { viewer } }) => viewer && user(viewer.userId),
    tweet: (_, { id }, { loaders }) => loaders.tweet.load(rowId('tweet', id)),
  },
  Mutation: {
    createTweet: async (_, { input }, { caller, tweets, loaders }) => {
      const { userId } = requireViewer(caller.viewer);
      const { text, language = null, idempotencyKey } = input;
      const inReplyToId = input.inReplyToTweetId == null ? null : rowId('tweet', input.inReplyToTweetId);
      const { tweet, errors } = await postTweet(
        { text, inReplyToId, language, idempotencyKey },
        userId,
        tweets,
        (id) => loaders.tweet.load(id),
      );
      loaders.afterWrite();
      const parentId = tweet?.inReplyToId ?? null;
      return { tweet, inReplyTo: parentId === null ? null : await loaders.tweet.load(parentId), errors };
    },
    deleteTweet: async (_, { input }, { caller, tweets, loaders, now }) => {
      const { userId } = requireViewer(caller.viewer);
      const outcome = await tweets.delete(rowId('tweet', input.tweetId), userId, now());
      loaders.afterWrite();
      if (outcome.type !== 'deleted') {
        const error = outcome.type === 'absent' ? noSuchTweet('tweetId') : notYourTweet();
        return { deletedTweetId: null, inReplyTo: null, errors: [error] };
      }
      const { inReplyToId } = outcome;
      return {
        deletedTweetId: input.tweetId,
        inReplyTo: inReplyToId === null ? null : await loaders.tweet.load(inReplyToId),
        errors: [],
      };
    },
    likeTweet: async (_, { input }, { caller, reactions, loaders, now }) => {
      const { userId } = requireViewer(caller.viewer);
      const tweetId = rowId('tweet', input.tweetId);
      return reacted(tweetId, await reactions.like(tweetId, userId, now()), loaders);
    },
    unlikeTweet: async (_, { input }, { caller, reactions, loaders }) => {
      const { userId } = requireViewer(caller.viewer);
      const tweetId = rowId('tweet', input.tweetId);
      return reacted(tweetId, await reactions.unlike(tweetId, userId), loaders);
    },
    retweet: async (_, { input }, { caller, reactions, loaders }) => {
      const { userId } = requireViewer(caller.viewer);
      const tweetId = rowId('tweet', input.tweetId);
      const tweet = await loaders.tweet.load(tweetId);
      return reacted(tweetId, tweet !== null && (await reactions.retweet(tweet, userId)), loaders);
    },
    undoRetweet: async (_, { input }, { caller, reactions, loaders }) => {
      const { userId } = requireViewer(caller.viewer);
      const tweetId = rowId('tweet', input.tweetId);
      return reacted(tweetId, await reactions.undoRetweet(tweetId, userId), loaders);
    },
  },
  Tweet: {
    __resolveReference: ({ id }, { loaders }) => loaders.tweet.load(rowId('tweet', id)),
    id: ({ id }) => globalId('tweet', id),
    author: ({ authorId }) => user(authorId),
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
  },
  TweetOrTombstone: {
    __resolveType: (place) => ('text' in place ? 'Tweet' : 'TweetTombstone'),
  },
  TweetTombstone: {
    id: ({ id }) => globalId('tweet', id),
  },
  TextEntity: {
    __resolveType: ({ type }) =>
      (({ mention: 'MentionEntity', hashtag: 'HashtagEntity', link: 'LinkEntity' }) as const)[type],
  },
  MentionEntity: {
    user: ({ userId }) => user(userId),
  },
  HashtagEntity: {
    hashtag: ({ tag }) => hashtag(tag),
  },
  Hashtag: {
    __resolveReference: ({ id }) => hashtag(rowId('hashtag', id)),
  },
  User: {
    __resolveReference: ({ id }) => user(rowId('user', id)),
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
  },
};
