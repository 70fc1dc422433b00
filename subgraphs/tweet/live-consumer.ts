import { AccountHidden } from '../../platform/events/account-hidden.ts';
import { AccountProtectionChanged } from '../../platform/events/account-protection-changed.ts';
import { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import { TweetEdited } from '../../platform/events/tweet-edited.ts';
import { TweetLiked } from '../../platform/events/tweet-liked.ts';
import { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import { TweetUnliked } from '../../platform/events/tweet-unliked.ts';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import { UserUnfollowed } from '../../platform/events/user-unfollowed.ts';
import { lowestIdAt, type Id } from '../../platform/ids.ts';
import { RETENTION_MS } from '../../platform/live-log/live-log.ts';
import { on, type Handler } from '../../platform/messaging/delivery.ts';
import type { LiveGate } from './live-gate.ts';
import type { Announcer } from './live-log.ts';

export interface AnnouncementDeps {
  announcer: Announcer;
  gate: Pick<LiveGate, 'wayTo'>;
  now: () => number;
}

/**
 * Brings what happens to tweets onto the live log. Redelivery announces counts again, of which only the latest are
 * told, and a reply or an end not again.
 */
export function liveAnnouncements({ announcer, gate, now }: AnnouncementDeps): Handler[] {
  const { changed, told, sightChanged } = announcer;
  const counts = (...ids: (Id | null)[]) =>
    changed(
      'counts',
      ids.filter((id) => id !== null),
    );
  return [
    on(TweetPosted, async ({ data: { tweetId, inReplyToId, conversationId, quotedId } }) => {
      if (inReplyToId !== null && conversationId !== null) {
        // Authors are told of each on their own, so what it answers may not have been told yet.
        const way = await gate.wayTo(tweetId, lowestIdAt(now() - RETENTION_MS));
        await told('reply', conversationId, way);
      }
      await counts(inReplyToId, quotedId);
    }),
    on(TweetDeleted, async ({ data: { tweetId, inReplyToId, conversationId, quotedId } }) => {
      await told('end', conversationId ?? tweetId, [tweetId]);
      await counts(inReplyToId, quotedId);
    }),
    on(TweetEdited, ({ data }) => changed('words', [data.tweetId])),
    on(TweetLiked, ({ data }) => counts(data.tweetId)),
    on(TweetUnliked, ({ data }) => counts(data.tweetId)),
    on(TweetRetweeted, ({ data }) => counts(data.tweetId)),
    on(RetweetUndone, ({ data }) => counts(data.tweetId)),
    on(UserBlocked, ({ data }) => sightChanged([data.blockerId, data.blockedId])),
    on(UserUnfollowed, ({ data }) => sightChanged([data.followerId])),
    on(AccountHidden, ({ data }) => sightChanged([data.userId])),
    on(AccountProtectionChanged, ({ data }) => sightChanged([data.userId])),
  ];
}
