import type { Id } from '../../../platform/ids.ts';
import { rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import type { Loaders } from '../loaders.ts';
import { postTweet } from '../post-tweet.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { noSuchTweet, notYourTweet } from '../tweet.ts';

/** What a change of likes or retweets answers. */
const reacted = async (tweetId: Id, stands: boolean, loaders: Loaders) => {
  loaders.afterWrite();
  const tweet = stands ? await loaders.tweet.load(tweetId) : null;
  return { tweet, errors: tweet === null ? [noSuchTweet('tweetId')] : [] };
};

export const Mutation: MutationResolvers = {
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
};
