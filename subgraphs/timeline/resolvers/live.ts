import { MAX_ID } from '../../../platform/ids.ts';
import { globalId, rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import { checkDeliveryCursor, deliveryCursor, edgeCursor, liveCursor, placeOf } from '../cursors.ts';
import { edgeOf } from '../edge.ts';
import type { LiveEvent } from '../live-event.ts';
import type { Resolvers } from '../schema.generated.ts';
import type { DeliveryChange } from '../tweet-delivery.ts';

const cursor = ({ viewerId, place }: LiveEvent) => liveCursor(viewerId, place);

export const live: Pick<
  Resolvers,
  | 'Subscription'
  | 'HomeTimelineEvent'
  | 'HomeTimelineEntriesAdded'
  | 'HomeTimelineEntriesRemoved'
  | 'HomeTimelineReset'
  | 'HomeReadPositionMoved'
  | 'TimelineGap'
  | 'TweetDeliveryChanged'
> = {
  Subscription: {
    homeTimeline: {
      subscribe: (_, { after = null }, context) => {
        const { userId } = requireViewer(context.viewer);
        return context.live.open(userId, after === null ? null : placeOf(userId, after));
      },
      resolve: (event: LiveEvent) => event,
    },
    tweetDelivery: {
      subscribe: (_, { tweetId: id, after }, { viewer, tweetDeliveries }) => {
        const { userId } = requireViewer(viewer);
        const tweetId = rowId('tweet', id);
        if (after != null) checkDeliveryCursor(tweetId, after);
        return tweetDeliveries.follow(userId, tweetId);
      },
      resolve: (change: DeliveryChange) => change,
    },
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
  HomeReadPositionMoved: { cursor, viewer: ({ viewerId }) => ({ id: globalId('user', viewerId) }) },
  TimelineGap: {
    cursor,
    // Up to now, so that nothing is newer yet.
    after: () => null,
    before: ({ before }) => (before === null ? null : edgeCursor(before)),
    since: ({ sinceMs }) => new Date(sinceMs),
    until: ({ untilMs }) => new Date(untilMs),
    approximateCount: () => null,
  },

  TweetDeliveryChanged: {
    cursor: ({ tweetId, delivery }) => deliveryCursor(tweetId, delivery.updatedAt),
    tweet: ({ tweetId }) => ({ id: globalId('tweet', tweetId) }),
  },
};
