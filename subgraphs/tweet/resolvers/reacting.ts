import type { ForbiddenRefusal, NotFoundRefusal } from '../../errors.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { mayNotShare } from '../tweet.ts';
import { changed, notSeen } from './changed.ts';

type Reacting = Pick<MutationResolvers, 'likeTweet' | 'unlikeTweet' | 'retweet' | 'undoRetweet'>;

export const reacting: Reacting = {
  likeTweet: (_, { input }, context) =>
    changed(input, 'like', context, async (tweet, userId) =>
      notSeen(await context.reactions.like(tweet, userId, context.now())),
    ),
  unlikeTweet: (_, { input }, context) =>
    changed(input, 'like', context, async ({ id }, userId) =>
      notSeen(await context.reactions.unlike(id, userId)),
    ),
  retweet: (_, { input }, context) =>
    changed<ForbiddenRefusal | NotFoundRefusal>(input, 'retweet', context, async (tweet, userId) => {
      const permission = await context.reactions.retweet(tweet, userId);
      return permission === 'forbidden' ? [mayNotShare('tweetId')] : notSeen(permission === 'granted');
    }),
  undoRetweet: (_, { input }, context) =>
    changed(input, 'retweet', context, async ({ id }, userId) =>
      notSeen(await context.reactions.undoRetweet(id, userId)),
    ),
};
