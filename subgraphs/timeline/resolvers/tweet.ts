import { MAX_ID } from '../../../platform/ids.ts';
import { globalId, rowId } from '../../global-id.ts';
import { edgeOf } from '../edge.ts';
import type { HomePlacement } from '../placements.ts';
import type { QueryResolvers, Resolvers } from '../schema.generated.ts';

/** Of a tweet that is hidden from the viewer, only who asks for it by its id hears anything. */
const isTold = ({ verdict }: HomePlacement): boolean => verdict !== 'BLOCKED' && verdict !== 'NOT_VISIBLE';

export const homePlacement: NonNullable<QueryResolvers['homePlacement']> = async (
  _,
  { tweetId },
  { viewer, loaders },
) => (viewer === null ? null : await loaders.placement.load(rowId('tweet', tweetId)));

export const tweets: Pick<Resolvers, 'Tweet' | 'HomePlacement' | 'TweetDelivery'> = {
  Tweet: {
    __resolveReference: ({ id }) => ({ id }),
    homePlacement: async ({ id }, _, { viewer, loaders }) => {
      if (viewer === null) return null;
      const placement = await loaders.placement.load(rowId('tweet', id));
      return isTold(placement) ? placement : null;
    },
    delivery: ({ id }, _, { viewer, loaders }) =>
      viewer === null ? null : loaders.delivery.load(rowId('tweet', id)),
  },
  HomePlacement: {
    user: ({ userId }) => (userId === null ? null : { id: globalId('user', userId) }),
    edge: ({ viewerId, entry }) => (entry === null ? null : edgeOf(viewerId, entry, MAX_ID)),
  },
  // Nobody's tweets are merged on read: all are delivered.
  TweetDelivery: { mergedOnReadCount: () => 0 },
};
