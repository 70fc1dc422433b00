import type { Id } from '../../../platform/ids.ts';
import { cursorOf } from '../../connection.ts';
import { badUserInput } from '../../errors.ts';
import { globalId, rowId } from '../../global-id.ts';
import type { Context } from '../context.ts';
import { liveCursor, placeOf, type LiveEvent, type LiveEventOf } from '../live-event.ts';
import type {
  ConversationEventResolvers,
  ReplyAddedResolvers,
  SubscriptionResolvers,
  TimelineGapResolvers,
  TweetCountsChangedResolvers,
  TweetEditedResolvers,
  TweetEventResolvers,
  TweetRemovedResolvers,
} from '../schema.generated.ts';

/** As the schema promises: more than any screen shows. */
const MOST_FOLLOWED = 100;

const viewerOf = ({ caller: { viewer } }: Context): Id | null => viewer?.userId ?? null;
/** Left out, an argument is not there at all. */
const afterOf = (after: string | null | undefined) => (after == null ? null : placeOf(after));

/** Loaders live one event here, and begin with what the event was judged by. */
const toldBy = (event: LiveEvent, _: unknown, { loaders }: Context): LiveEvent => {
  loaders.afterWrite();
  if ('tweet' in event) {
    loaders.tweet.prime(event.tweet.id, event.tweet);
    loaders.counts.prime(event.tweet.id, event.counts);
  }
  return event;
};

export const Subscription: SubscriptionResolvers = {
  tweet: {
    subscribe: (_, { ids, after }, context) => {
      const tweetIds = new Set(ids.map((id) => rowId('tweet', id)));
      if (tweetIds.size > MOST_FOLLOWED) throw badUserInput(`At most ${MOST_FOLLOWED} tweets at once.`);
      return context.live.tweets(viewerOf(context), tweetIds, afterOf(after));
    },
    resolve: toldBy,
  },
  conversation: {
    subscribe: (_, { tweetId, after }, context) =>
      context.live.conversation(viewerOf(context), rowId('tweet', tweetId), afterOf(after)),
    resolve: toldBy,
  },
};

const cursor = ({ place }: LiveEvent) => liveCursor(place);

export const TweetEvent: TweetEventResolvers = {
  __resolveType: ({ kind }) => {
    if (kind === 'counts') return 'TweetCountsChanged';
    if (kind === 'words') return 'TweetEdited';
    return kind === 'removed' ? 'TweetRemoved' : 'TimelineGap';
  },
};

export const ConversationEvent: ConversationEventResolvers = {
  __resolveType: ({ kind }) => {
    if (kind === 'reply') return 'ReplyAdded';
    return kind === 'removed' ? 'TweetRemoved' : 'TimelineGap';
  },
};

export const TweetCountsChanged: TweetCountsChangedResolvers = { cursor };
export const TweetEdited: TweetEditedResolvers = { cursor };

export const TweetRemoved: TweetRemovedResolvers = {
  cursor,
  tweetId: ({ tweetId }) => globalId('tweet', tweetId),
};

/** As `replies` of the tweet that it answers has it, when they are ranked. */
const edgeOf = ({ tweet, counts: { likeCount, replyCount } }: LiveEventOf<'reply'>) => {
  const isContinuation = tweet.authorId === tweet.inReplyToAuthorId;
  const rank = isContinuation ? 2 : tweet.isFollowed ? 1 : 0;
  const key = [rank, likeCount + replyCount].map(String);
  return { cursor: cursorOf(`replies-RANKED-${tweet.inReplyToId}`, ...key, tweet.id), node: tweet };
};

export const ReplyAdded: ReplyAddedResolvers = { cursor, edge: edgeOf };

export const TimelineGap: TimelineGapResolvers = {
  cursor,
  after: () => null,
  before: () => null,
  since: ({ sinceMs }) => new Date(sinceMs),
  until: ({ untilMs }) => new Date(untilMs),
  approximateCount: () => null,
};
