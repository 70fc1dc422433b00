import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FormattedExecutionResult } from 'graphql';
import type { Id } from '../../platform/ids.ts';
import { createExecutor, type Executor } from '../executor.ts';
import { globalId } from '../global-id.ts';
import type { Subgraph } from '../subgraph.ts';
import { edgeCursor } from './cursors.ts';
import { startTimelineSubgraph } from './timeline-subgraph.ts';
import { createWorld, type World } from './world.ts';

const PLACEMENT = 'verdict explanation user { id } edge { cursor node { id } because { explanation path } }';
const DELIVERY =
  'audienceCount reachedCount reachedLiveCount mergedOnReadCount awayCount p50Ms p99Ms isComplete updatedAt';
const POSITION = 'homeReadPosition { edgeCursor movedAt newerCount(atMost: 2) edge { cursor node { id } } }';
const MOVE = `mutation Move($input: MoveHomeReadPositionInput!) {
  moveHomeReadPosition(input: $input) { viewer { id ${POSITION} } errors { ... on UserError { code field } } }
}`;
const AUDIT = `mutation {
  auditHomeTimeline {
    viewer { timelineAudit { checkedAt comparedCount missingCount surplusCount isExact repairedAt } }
    errors { ... on RateLimitedError { code message retryAfterMs } }
  }
}`;

const codeOf = (errors: FormattedExecutionResult['errors']) => errors?.[0]?.extensions?.['code'];

describe('what the timeline subgraph tells beside the timeline', () => {
  let world: World;
  let subgraph: Subgraph;
  let executor: Executor;
  let [ada, bob, cyd]: Id[] = [];

  beforeAll(async () => {
    world = await createWorld();
    [ada, bob, cyd] = [await world.person('ada'), await world.person('bob'), await world.person('cyd')];
    await world.follow(bob, ada);
    subgraph = await startTimelineSubgraph({ ...world.env, RATE_LIMIT_SCALE: '1' });
    executor = createExecutor(subgraph);
  }, 60_000);

  afterAll(async () => {
    await subgraph.stop();
    await world.stop();
  });

  const requestOf = (userId: Id | null | undefined) => ({
    caller: {
      viewer: userId == null ? null : { userId, sessionId: '1' },
      address: '127.0.0.1',
      userAgent: null,
      readsOwnWrites: false,
    },
    setCookie: () => undefined,
  });
  const run = async (
    query: string,
    variables: Record<string, unknown> = {},
    userId: Id | null | undefined = bob,
  ) => await executor.execute({ query, variables }, requestOf(userId));
  const entity = async (
    typename: string,
    id: string,
    fields: string,
    userId: Id | null | undefined = bob,
  ) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typename} { ${fields} } } }`;
    const { data, errors } = await run(query, { of: [{ __typename: typename, id }] }, userId);
    expect(errors).toBeUndefined();
    const { _entities: found } = data as { _entities: unknown[] };
    return found[0];
  };
  const placement = async (tweetId: Id, userId: Id | null | undefined = bob) => {
    const query = `query ($id: ID!) { homePlacement(tweetId: $id) { ${PLACEMENT} } }`;
    const { data, errors } = await run(query, { id: globalId('tweet', tweetId) }, userId);
    expect(errors).toBeUndefined();
    return data?.['homePlacement'];
  };
  const placementOfTweet = async (tweetId: Id, userId: Id | null | undefined = bob) => {
    const found = await entity('Tweet', globalId('tweet', tweetId), `homePlacement { ${PLACEMENT} }`, userId);
    return (found as { homePlacement: unknown }).homePlacement;
  };

  it('says of a tweet where it stands, as an entry of the timeline', async () => {
    const tweet = await world.post(ada ?? '');
    await world.settle();
    const shown = {
      verdict: 'SHOWN',
      explanation: 'It is on your home timeline.',
      user: null,
      edge: {
        cursor: edgeCursor(tweet),
        node: { id: globalId('tweet', tweet) },
        because: { explanation: 'You follow @ada.', path: expect.stringMatching('DELIVERED|RESTORED') },
      },
    };
    expect(await placement(tweet)).toEqual(shown);
    expect(await placementOfTweet(tweet)).toEqual(shown);
    expect(await placement(tweet, cyd)).toMatchObject({
      verdict: 'NOT_FOLLOWED',
      user: { id: globalId('user', ada ?? '') },
    });
    expect(await placement(tweet, null)).toBeNull();
    expect(await placementOfTweet(tweet, null)).toBeNull();
  });

  it('says nothing of a hidden tweet that it would not say of one that never was', async () => {
    const [zoe, shy] = [await world.person('zoe'), await world.person('shy')];
    const [hers, his] = [await world.post(zoe), await world.post(shy)];
    await world.protect(shy);
    const unknown = await placement('77');
    expect(unknown).toMatchObject({ verdict: 'NOT_VISIBLE', user: null, edge: null });
    await world.block(zoe, bob ?? '');
    for (const hidden of [hers, his]) {
      expect(await placement(hidden)).toEqual(unknown);
      expect(await placementOfTweet(hidden)).toBeNull();
    }
    expect(await placementOfTweet('77')).toBeNull();
    const lou = await world.person('lou');
    for (const answered of [hers, his]) {
      expect(await placement(await world.post(lou, answered))).toEqual({
        verdict: 'REPLY_TO_STRANGER',
        explanation: "It answers somebody whom you don't follow.",
        user: null,
        edge: null,
      });
    }
    await world.unblock(zoe, bob ?? '');
    await world.block(bob ?? '', zoe);
    expect(await placement(hers)).toMatchObject({ verdict: 'BLOCKED', user: { id: globalId('user', zoe) } });
    expect(await placementOfTweet(hers)).toBeNull();
    const { errors } = await run('{ homePlacement(tweetId: "user_5") { verdict } }');
    expect(codeOf(errors)).toBe('BAD_USER_INPUT');
  });

  it('tells the author of a tweet how far it got, and nobody else', async () => {
    const tweet = await world.post(ada ?? '');
    await world.settle();
    const id = globalId('tweet', tweet);
    expect(await entity('Tweet', id, `delivery { ${DELIVERY} }`, ada)).toEqual({
      delivery: {
        audienceCount: 1,
        reachedCount: expect.any(Number),
        reachedLiveCount: 0,
        mergedOnReadCount: 0,
        awayCount: expect.any(Number),
        p50Ms: null,
        p99Ms: null,
        isComplete: true,
        updatedAt: expect.any(String),
      },
    });
    for (const other of [bob, null]) {
      expect(await entity('Tweet', id, 'delivery { audienceCount }', other)).toEqual({ delivery: null });
    }
  });

  it('streams a delivery to its end, and to nobody else', async () => {
    const tweet = await world.post(ada ?? '');
    await world.settle();
    const LIVE = `subscription ($id: ID!, $after: String) {
      tweetDelivery(tweetId: $id, after: $after) { cursor tweet { id delivery { isComplete } } }
    }`;
    const follow = async (userId: Id | null | undefined, after: string | null = null, of = tweet) => {
      const events: FormattedExecutionResult[] = [];
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const variables = { id: globalId('tweet', of), after };
      executor.subscribe({ query: LIVE, variables }, requestOf(userId), {
        next: (event) => void events.push(event),
        end: (errors) => resolve(errors?.[0]?.extensions?.['code']),
      });
      const code = await promise;
      return { code, events };
    };
    const { events, code } = await follow(ada);
    expect(code).toBeUndefined();
    expect(events).toEqual([
      {
        data: {
          tweetDelivery: {
            cursor: expect.any(String),
            tweet: { id: globalId('tweet', tweet), delivery: { isComplete: true } },
          },
        },
      },
    ]);
    const [event] = events as { data: { tweetDelivery: { cursor: string } } }[];
    const { cursor = '' } = event?.data.tweetDelivery ?? {};
    expect((await follow(ada, cursor)).events).toHaveLength(1);
    expect(await follow(bob)).toEqual({ code: undefined, events: [] });
    expect((await follow(null)).code).toBe('UNAUTHENTICATED');
    expect((await follow(ada, 'nonsense')).code).toBe('BAD_USER_INPUT');
    expect((await follow(ada, cursor, '77')).code).toBe('BAD_USER_INPUT');
  });

  it('remembers how far one has read, for nobody else', async () => {
    const tweets = [await world.post(ada ?? ''), await world.post(ada ?? ''), await world.post(ada ?? '')];
    await world.settle();
    const cursor = edgeCursor(tweets[0] ?? '');
    expect((await run(`{ viewer { id ${POSITION} } }`)).data).toEqual({
      viewer: { id: globalId('user', bob ?? ''), homeReadPosition: null },
    });
    const moved = {
      id: globalId('user', bob ?? ''),
      homeReadPosition: {
        edgeCursor: cursor,
        movedAt: expect.any(String),
        newerCount: 2,
        edge: { cursor, node: { id: globalId('tweet', tweets[0] ?? '') } },
      },
    };
    expect((await run(MOVE, { input: { edgeCursor: cursor } })).data).toEqual({
      moveHomeReadPosition: { viewer: moved, errors: [] },
    });
    expect(await entity('Viewer', moved.id, `id ${POSITION}`)).toEqual(moved);
    expect(await entity('Viewer', moved.id, `id ${POSITION}`, ada)).toBeNull();
    expect((await run(MOVE, { input: { edgeCursor: 'nonsense' } })).data).toEqual({
      moveHomeReadPosition: { viewer: null, errors: [{ code: 'BAD_USER_INPUT', field: ['edgeCursor'] }] },
    });
    const { errors } = await run('{ viewer { homeReadPosition { newerCount(atMost: 1001) } } }');
    expect(codeOf(errors)).toBe('BAD_USER_INPUT');
  });

  it('audits a timeline when asked, once a minute', async () => {
    expect((await run('{ viewer { timelineAudit { isExact } } }')).data).toEqual({
      viewer: { timelineAudit: null },
    });
    expect((await run(AUDIT)).data).toEqual({
      auditHomeTimeline: {
        viewer: {
          timelineAudit: {
            checkedAt: expect.any(String),
            comparedCount: expect.any(Number),
            missingCount: 0,
            surplusCount: 0,
            isExact: true,
            repairedAt: null,
          },
        },
        errors: [],
      },
    });
    expect((await run(AUDIT)).data).toEqual({
      auditHomeTimeline: {
        viewer: null,
        errors: [
          {
            code: 'RATE_LIMITED',
            message: expect.stringContaining('Too often.'),
            retryAfterMs: expect.any(Number),
          },
        ],
      },
    });
  });

  it('has nothing for who is signed out', async () => {
    expect((await run('{ viewer { id } }', {}, null)).data).toEqual({ viewer: null });
    for (const [query, variables] of [
      [MOVE, { input: { edgeCursor: edgeCursor('5') } }],
      [AUDIT, {}],
    ] as const) {
      expect(codeOf((await run(query, variables, null)).errors)).toBe('UNAUTHENTICATED');
    }
  });
});
