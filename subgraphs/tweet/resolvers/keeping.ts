import { rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { noSuchTweet, notYourTweet } from '../tweet.ts';
import { changed, notSeen } from './changed.ts';
import { userOf } from './references.ts';

type Keeping = Pick<MutationResolvers, 'bookmarkTweet' | 'unbookmarkTweet' | 'pinTweet' | 'unpinTweet'>;

export const keeping: Keeping = {
  bookmarkTweet: (_, { input }, context) =>
    changed(input, 'bookmark', context, async ({ id }, userId) =>
      notSeen(await context.keeping.bookmark(userId, id, context.now())),
    ),
  unbookmarkTweet: (_, { input }, context) =>
    changed(input, 'bookmark', context, async ({ id }, userId) =>
      notSeen(await context.keeping.unbookmark(userId, id)),
    ),
  pinTweet: async (_, { input }, { caller, keeping: store, loaders, now }) => {
    const { userId } = requireViewer(caller.viewer);
    const tweetId = rowId('tweet', input.tweetId);
    const isPinned = await store.pin(userId, tweetId, now());
    loaders.afterWrite();
    if (isPinned) return { user: userOf(userId), errors: [] };
    const isSeen = (await loaders.tweet.load(tweetId)) !== null;
    return { user: null, errors: [isSeen ? notYourTweet('pin') : noSuchTweet('tweetId')] };
  },
  unpinTweet: async (_, { input }, { caller, keeping: store, loaders }) => {
    const { userId } = requireViewer(caller.viewer);
    const isSeen = await store.unpin(userId, rowId('tweet', input.tweetId));
    loaders.afterWrite();
    return { user: isSeen ? userOf(userId) : null, errors: notSeen(isSeen) };
  },
};
