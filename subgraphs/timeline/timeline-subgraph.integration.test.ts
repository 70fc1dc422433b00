import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FormattedExecutionResult } from 'graphql';
import { pino } from 'pino';
import { AccountHidden } from '../../platform/events/account-hidden.ts';
import { AccountProtectionChanged } from '../../platform/events/account-protection-changed.ts';
import { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import { RetweetsHidden } from '../../platform/events/retweets-hidden.ts';
import { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import { UserFollowed } from '../../platform/events/user-followed.ts';
import { UserUnmuted } from '../../platform/events/user-unmuted.ts';
import type { Id } from '../../platform/ids.ts';
import { createPublisher, type Publisher } from '../../platform/messaging/publisher.ts';
import { until } from '../../tests/until.ts';
import { createExecutor, type Executor } from '../executor.ts';
import { globalId } from '../global-id.ts';
import type { Subgraph } from '../subgraph.ts';
import type { Worker } from '../worker.ts';
import { startTimelineSubgraph } from './timeline-subgraph.ts';
import { startTimelineWorker } from './timeline-worker.ts';
import { createWorld, type World } from './world.ts';

const PAGE = `query Page($first: Int, $after: String, $last: Int, $before: String, $asOf: DateTime) {
  homeTimeline(first: $first, after: $after, last: $last, before: $before, asOf: $asOf) {
    liveCursor
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      cursor
      node { id }
      enteredAt
      because {
        __typename
        explanation
        path
        ... on FollowedAuthor { author { id } answering { id } }
        ... on FollowedRetweeter { retweeter { id } alsoRetweetedBy { id } }
      }
    }
  }
}`;

const LIVE = `subscription Live($after: String) {
  homeTimeline(after: $after) {
    __typename
    cursor
    ... on HomeTimelineEntriesAdded { edges { cursor node { id } because { __typename explanation } } }
    ... on HomeTimelineEntriesRemoved { edgeCursors tweetIds }
    ... on HomeTimelineReset { cause }
    ... on TimelineGap { before after since until approximateCount }
  }
}`;

interface Edge {
  cursor: string;
  node: { id: string };
  because: Record<string, unknown>;
}

describe('the timeline subgraph', () => {
  let world: World;
  let subgraph: Subgraph;
  let worker: Worker;
  let executor: Executor;
  let publisher: Publisher;
  let ada: Id;
  let bob: Id;
  let cyd: Id;

  beforeAll(async () => {
    world = await createWorld();
    [ada, bob, cyd] = [await world.person('ada'), await world.person('bob'), await world.person('cyd')];
    for (const followed of [ada, cyd]) await world.follow(bob, followed);
    [subgraph, worker] = await Promise.all([
      startTimelineSubgraph(world.env),
      startTimelineWorker(world.env),
    ]);
    executor = createExecutor(subgraph);
    const { KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: topicPrefix } = world.env;
    publisher = createPublisher(
      { brokers: brokers.split(','), clientId: 'test', topicPrefix },
      pino({ level: 'silent' }),
    );
  }, 60_000);

  afterAll(async () => {
    await publisher.close();
    await worker.stop();
    await subgraph.stop();
    await world.stop();
  });

  const requestOf = (userId: Id | null) => ({
    caller: {
      viewer: userId === null ? null : { userId, sessionId: '1' },
      address: '127.0.0.1',
      userAgent: null,
      readsOwnWrites: false,
    },
    setCookie: () => undefined,
  });
  const run = (query: string, variables: Record<string, unknown> = {}, userId: Id | null = bob) =>
    executor.execute({ query, variables }, requestOf(userId));
  const page = async (variables: Record<string, unknown> = {}, userId: Id | null = bob) => {
    const { data, errors } = await run(PAGE, variables, userId);
    expect(errors).toBeUndefined();
    return (data as { homeTimeline: { edges: Edge[]; liveCursor: string; pageInfo: object } }).homeTimeline;
  };

  /** What a subscription gave so far, and how to wait for more. */
  const listen = (after: string | null) => {
    const events: Record<string, unknown>[] = [];
    let heard = Promise.withResolvers<void>();
    const stop = executor.subscribe({ query: LIVE, variables: { after } }, requestOf(bob), {
      next: ({ data, errors }: FormattedExecutionResult) => {
        expect(errors).toBeUndefined();
        events.push((data as { homeTimeline: Record<string, unknown> }).homeTimeline);
        heard.resolve();
        heard = Promise.withResolvers();
      },
      end: () => heard.resolve(),
    });
    const first = async (type: string) => {
      for (;;) {
        const found = events.find(({ __typename }) => __typename === type);
        if (found !== undefined) return found;
        await heard.promise;
      }
    };
    return { first, stop };
  };

  it('shows and tells what Kafka brought, and takes back what Kafka took back', async () => {
    const { liveCursor } = await page();
    const live = listen(liveCursor);
    const tweet = await world.post(cyd);
    const reply = await world.post(ada, tweet);
    const entry = await world.retweet(ada, tweet);
    const posted = {
      inReplyToId: null,
      inReplyToAuthorId: null,
      postedAtMs: Date.now(),
      conversationId: null,
      quotedId: null,
      quotedAuthorId: null,
    };
    await publisher.publish(TweetPosted, [
      { ...posted, tweetId: tweet, authorId: cyd },
      { ...posted, tweetId: reply, authorId: ada, inReplyToId: tweet, inReplyToAuthorId: cyd },
    ]);
    const retweet = { entryId: entry, tweetId: tweet, retweeterId: ada };
    await publisher.publish(TweetRetweeted, [{ ...retweet, tweetAuthorId: cyd, retweetedAtMs: Date.now() }]);
    const added = await live.first('HomeTimelineEntriesAdded');
    const [edge] = added['edges'] as Edge[];
    expect(['You follow @cyd.', 'You follow @ada, who answers @cyd, whom you follow too.']).toContain(
      edge?.because['explanation'],
    );

    // Two authors' tweets may be told one after the other.
    const { edges, pageInfo } = await until('both are there', async () => {
      const found = await page();
      return found.edges.length > 1 && found;
    });
    expect(edges.map(({ node, because }) => [node.id, because])).toEqual([
      [
        globalId('tweet', reply),
        expect.objectContaining({
          __typename: 'FollowedAuthor',
          author: { id: globalId('user', ada) },
          answering: { id: globalId('user', cyd) },
        }),
      ],
      [globalId('tweet', tweet), expect.objectContaining({ __typename: 'FollowedAuthor', answering: null })],
    ]);
    expect(pageInfo).toMatchObject({ hasNextPage: false, startCursor: edges[0]?.cursor });
    const [newest] = edges;
    const { edges: older } = await page({ after: newest?.cursor });
    expect(older).toEqual(edges.slice(1));
    const { edges: newer } = await page({ last: 1, before: edges[1]?.cursor });
    expect(newer).toEqual(edges.slice(0, 1));
    expect(await page({ asOf: '2025-01-01T00:00:00Z' })).toMatchObject({ edges: [], liveCursor: null });

    await world.remove(reply);
    await publisher.publish(RetweetUndone, [retweet]);
    const removed = await live.first('HomeTimelineEntriesRemoved');
    expect(removed['tweetIds']).toEqual([globalId('tweet', tweet)]);
    live.stop();
  });

  it('tells that a timeline is another one, and why, when Kafka brings that', async () => {
    const atMs = Date.now();
    const causes: [cause: string, publish: () => Promise<void>][] = [
      [
        'FOLLOWS_CHANGED',
        () => publisher.publish(UserFollowed, [{ followerId: bob, followeeId: ada, followedAtMs: atMs }]),
      ],
      [
        'FILTERS_CHANGED',
        () => publisher.publish(UserBlocked, [{ blockerId: ada, blockedId: bob, blockedAtMs: atMs }]),
      ],
      ['FILTERS_CHANGED', () => publisher.publish(UserUnmuted, [{ muterId: bob, mutedId: ada }])],
      [
        'FILTERS_CHANGED',
        () => publisher.publish(RetweetsHidden, [{ viewerId: bob, userId: ada, hiddenAtMs: atMs }]),
      ],
      ['AUTHOR_CHANGED', () => publisher.publish(AccountHidden, [{ userId: ada }])],
      [
        'AUTHOR_CHANGED',
        () => publisher.publish(AccountProtectionChanged, [{ userId: cyd, isProtected: true }]),
      ],
    ];
    for (const [cause, publish] of causes) {
      const live = listen((await page()).liveCursor);
      await publish();
      expect(await live.first('HomeTimelineReset')).toMatchObject({ cause });
      live.stop();
    }
  }, 60_000);

  it('answers who is signed out, and bad input, with what the schema says', async () => {
    expect(await run('{ homeTimeline { liveCursor } }', {}, null)).toEqual({ data: { homeTimeline: null } });
    for (const variables of [
      { first: 0 },
      { first: 101 },
      { first: 1, last: 1 },
      { after: 'nonsense' },
      { after: Buffer.from('home 99999999999999999999').toString('base64url') },
      { asOf: 'yesterday' },
    ]) {
      const { errors } = await run(PAGE, variables);
      expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['BAD_USER_INPUT']);
    }
    for (const asOf of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) await page({ asOf });
  });

  it('refuses a stream to who is signed out, and one behind a foreign cursor', async () => {
    const codeOf = async (userId: Id | null, after: string | null) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      executor.subscribe({ query: LIVE, variables: { after } }, requestOf(userId), {
        next: () => undefined,
        end: (errors) => resolve(errors?.[0]?.extensions?.['code']),
      });
      return await promise;
    };
    expect(await codeOf(null, null)).toBe('UNAUTHENTICATED');
    expect(await codeOf(bob, 'nonsense')).toBe('BAD_USER_INPUT');
    expect(await codeOf(cyd, (await page()).liveCursor)).toBe('BAD_USER_INPUT');
  });
});
