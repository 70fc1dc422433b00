import { MAX_ID, type Id } from '../../../platform/ids.ts';
import { connectionOf, pageOf } from '../../connection.ts';
import { globalId } from '../../global-id.ts';
import { firstIdAfter, HOME, liveCursor, stretchOf, unknownPlace } from '../cursors.ts';
import { edgeOf } from '../edge.ts';
import type { QueryResolvers, Resolvers } from '../schema.generated.ts';

const user = (id: Id) => ({ id: globalId('user', id) });

export const homeTimeline: NonNullable<QueryResolvers['homeTimeline']> = async (
  _,
  { asOf = null, ...args },
  { viewer, timeline, now },
) => {
  if (viewer === null) return null;
  const page = pageOf(HOME, args);
  const askedAtMs = now();
  const { entries, place } = await timeline.read(viewer.userId, stretchOf(page, asOf));
  const olderThan = asOf === null ? MAX_ID : firstIdAfter(asOf);
  return {
    ...connectionOf(page, entries, (entry) => edgeOf(viewer.userId, entry, olderThan)),
    liveCursor: asOf === null ? liveCursor(viewer.userId, place ?? unknownPlace(askedAtMs)) : null,
  };
};

export const reasons: Pick<Resolvers, 'HomeTimelineReason' | 'FollowedAuthor' | 'FollowedRetweeter'> = {
  HomeTimelineReason: {
    __resolveType: ({ kind }) =>
      (({ own: 'OwnPost', author: 'FollowedAuthor', retweeter: 'FollowedRetweeter' }) as const)[kind],
  },
  FollowedAuthor: {
    author: ({ authorId }) => user(authorId),
    answering: ({ answeringId }) => (answeringId === null ? null : user(answeringId)),
  },
  FollowedRetweeter: {
    retweeter: ({ retweeterId }) => user(retweeterId),
    alsoRetweetedBy: async ({ entryId, tweetId, olderThan }, _, { loaders }) =>
      (await loaders.alsoRetweetedBy.load({ id: entryId, tweetId, olderThan })).map(user),
  },
};
