import { MAX_ID, type Id } from '../../platform/ids.ts';
import { connectionOf, pageOf } from '../connection.ts';
import { globalId } from '../global-id.ts';
import { DateTime } from '../scalars.ts';
import { requireViewer } from '../viewer.ts';
import { edgeCursor, firstIdAfter, HOME, liveCursor, placeOf, stretchOf, unknownPlace } from './cursors.ts';
import { edgeOf } from './edge.ts';
import type { LiveEvent } from './live-event.ts';
import type { Resolvers } from './schema.generated.ts';

const user = (id: Id) => ({ id: globalId('user', id) });

const cursor = ({ viewerId, place }: LiveEvent) => liveCursor(viewerId, place);

export const resolvers: Resolvers = {
  DateTime,
  Query: {
    homeTimeline: async (_, { asOf = null, ...args }, { viewer, timeline, now }) => {
      if (viewer === null) return null;
      const page = pageOf(HOME, args);
      const askedAtMs = now();
      const { entries, place } = await timeline.read(viewer.userId, stretchOf(page, asOf));
      const olderThan = asOf === null ? MAX_ID : firstIdAfter(asOf);
      return {
        ...connectionOf(page, entries, (entry) => edgeOf(viewer.userId, entry, olderThan)),
        liveCursor: asOf === null ? liveCursor(viewer.userId, place ?? unknownPlace(askedAtMs)) : null,
      };
    },
  },
  Subscription: {
    homeTimeline: {
      subscribe: (_, { after = null }, { viewer, live }) => {
        const { userId } = requireViewer(viewer);
        return live.open(userId, after === null ? null : placeOf(userId, after));
      },
      resolve: (event: LiveEvent) => event,
    },
  },

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

  HomeTimelineEvent: {
    __resolveType: ({ kind }) =>
      (
        ({
          added: 'HomeTimelineEntriesAdded',
          removed: 'HomeTimelineEntriesRemoved',
          reset: 'HomeTimelineReset',
          moved: 'HomeReadPositionMoved',
          gap: 'TimelineGap',
        }) as const
      )[kind],
  },
  HomeTimelineEntriesAdded: {
    cursor,
    edges: ({ viewerId, entries }) => entries.map((entry) => edgeOf(viewerId, entry, MAX_ID)),
  },
  HomeTimelineEntriesRemoved: {
    cursor,
    edgeCursors: ({ entries }) => entries.map(({ id }) => edgeCursor(id)),
    tweetIds: ({ entries }) => entries.map(({ tweetId }) => globalId('tweet', tweetId)),
  },
  HomeTimelineReset: { cursor, cause: ({ cause }) => cause },
  TimelineGap: {
    cursor,
    // Up to now, so that nothing is newer yet.
    after: () => null,
    before: ({ before }) => (before === null ? null : edgeCursor(before)),
    since: ({ sinceMs }) => new Date(sinceMs),
    until: ({ untilMs }) => new Date(untilMs),
    approximateCount: () => null,
  },
};
