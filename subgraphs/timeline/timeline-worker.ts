import { AccountDeleted } from '../../platform/events/account-deleted.ts';
import { AccountHidden } from '../../platform/events/account-hidden.ts';
import { AccountProtectionChanged } from '../../platform/events/account-protection-changed.ts';
import { AccountReturned } from '../../platform/events/account-returned.ts';
import { FanOutChunk } from '../../platform/events/fan-out-chunk.ts';
import { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import { RetweetsHidden } from '../../platform/events/retweets-hidden.ts';
import { RetweetsShown } from '../../platform/events/retweets-shown.ts';
import { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import { UserFollowed } from '../../platform/events/user-followed.ts';
import { UserMuted } from '../../platform/events/user-muted.ts';
import { UserUnblocked } from '../../platform/events/user-unblocked.ts';
import { UserUnfollowed } from '../../platform/events/user-unfollowed.ts';
import { UserUnmuted } from '../../platform/events/user-unmuted.ts';
import { startConsumer } from '../../platform/messaging/consumer.ts';
import { on } from '../../platform/messaging/delivery.ts';
import { createPublisher } from '../../platform/messaging/publisher.ts';
import { connectDatabase } from '../../platform/postgres.ts';
import { loadConfig } from '../../platform/process/config.ts';
import { createLog } from '../../platform/process/log.ts';
import type { Worker } from '../worker.ts';
import { assembleDelivery } from './assembly.ts';
import { startAuditRounds } from './audit-rounds.ts';
import { timelineWorkerConfig } from './config.ts';
import { startSettling } from './receipt-settling.ts';

/**
 * What brings home timelines about: the consumers of tweets, of large accounts' chunks, of follows and of accounts;
 * and two jobs, which settle receipts and audit timelines.
 */
export async function startTimelineWorker(env: NodeJS.ProcessEnv): Promise<Worker> {
  const config = loadConfig(timelineWorkerConfig, env);
  const log = createLog('timeline');
  const database = connectDatabase({
    url: config.TIMELINE_DATABASE_URL,
    name: 'roost timeline worker',
    log,
  });
  const kafka = {
    brokers: config.KAFKA_BROKERS,
    clientId: 'roost-timeline',
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
  };
  const publisher = createPublisher(kafka, log);
  const delivery = assembleDelivery({
    primary: database.primary,
    redisUrl: config.REDIS_URL,
    keyPrefix: config.REDIS_KEY_PREFIX,
    sendChunks: (chunks) => publisher.publish(FanOutChunk, chunks),
    log,
  });
  const { fanOut, followChanged, filtersChanged, accountChanged, accountDeleted } = delivery;
  const jobs = [
    startSettling(delivery.receipts, delivery.receiptStore, log),
    startAuditRounds(delivery.rounds),
  ];

  // Groups of their own, so that none waits behind another.
  const consumers = [
    {
      group: 'timeline-fan-out',
      handlers: [
        on(TweetPosted, ({ data }) => fanOut.posted(data)),
        on(TweetRetweeted, ({ data }) => fanOut.retweeted(data)),
        on(TweetDeleted, ({ data }) => fanOut.deleted(data)),
        on(RetweetUndone, ({ data }) => fanOut.retweetUndone(data)),
      ],
    },
    { group: 'timeline-fan-out-chunks', handlers: [on(FanOutChunk, ({ data }) => fanOut.chunk(data))] },
    {
      group: 'timeline-follows',
      handlers: [
        on(UserFollowed, ({ data }) => followChanged(data)),
        on(UserUnfollowed, ({ data }) => followChanged(data)),
        on(UserBlocked, ({ data }) => filtersChanged([data.blockerId, data.blockedId])),
        on(UserUnblocked, ({ data }) => filtersChanged([data.blockerId, data.blockedId])),
        on(UserMuted, ({ data }) => filtersChanged([data.muterId])),
        on(UserUnmuted, ({ data }) => filtersChanged([data.muterId])),
        on(RetweetsHidden, ({ data }) => filtersChanged([data.viewerId])),
        on(RetweetsShown, ({ data }) => filtersChanged([data.viewerId])),
      ],
    },
    {
      group: 'timeline-accounts',
      handlers: [
        on(AccountHidden, ({ data }) => accountChanged(data)),
        on(AccountReturned, ({ data }) => accountChanged(data)),
        on(AccountProtectionChanged, ({ data }) => accountChanged(data)),
        on(AccountDeleted, ({ data }) => accountDeleted(data)),
      ],
    },
  ].map((consumer) => startConsumer({ kafka, log, ...consumer }));

  return {
    ready: () => database.ready(),
    stop: async () => {
      await Promise.all([...jobs, ...consumers].map((each) => each.stop()));
      await publisher.close();
      await delivery.stop();
      await database.close();
    },
  };
}
