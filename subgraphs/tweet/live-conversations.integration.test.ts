import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import { until } from '../../tests/until.ts';
import { openLiveAudience, read, told, untilTold, type LiveAudience } from './live-audience.builder.ts';
import { START, type LiveEvent } from './live-event.ts';
import { aTweet, relations, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';

const [ada, bob, cyd] = ['1', '2', '3'] as const;

describe('streams of conversations', () => {
  let audience: LiveAudience;
  let stores: TweetStores;
  beforeAll(async () => {
    audience = await openLiveAudience();
    ({ stores } = audience);
  });
  afterEach(() => audience.leave());
  afterAll(() => audience.close());

  /** Two streams of Bob's for one conversation, which hear together from here on. Only one of them is read. */
  const slowAndQuick = async (root: Tweet) => {
    const place = await audience.place();
    const slow = audience.holding(audience.live.conversation(bob, root.id, place));
    const quick = audience.conversation(bob, root.id, place);
    await aTweet(stores.tweets, { parent: root });
    await audience.settle();
    await read(slow, 1);
    await untilTold(quick, 1);
    return { slow, quick };
  };

  it('tell of replies at any depth below a tweet, and of none beside it', async () => {
    const root = await aTweet(stores.tweets, { authorId: ada });
    const reply = await aTweet(stores.tweets, { authorId: bob, parent: root });
    await audience.settle();
    const place = await audience.place();
    const [whole, part] = [
      audience.conversation(cyd, root.id, place),
      audience.conversation(null, reply.id, place),
    ];
    const second = await aTweet(stores.tweets, { authorId: ada, parent: reply });
    const beside = await aTweet(stores.tweets, { authorId: cyd, parent: root });
    const third = await aTweet(stores.tweets, { authorId: bob, parent: second });
    await aTweet(stores.tweets, { authorId: bob, quoted: root });
    await audience.settle();
    await untilTold(whole, 3);
    await untilTold(part, 2);
    await audience.untilQuiet();
    expect(told(whole)).toEqual([
      ['reply', second.id],
      ['reply', beside.id],
      ['reply', third.id],
    ]);
    expect(told(part)).toEqual([
      ['reply', second.id],
      ['reply', third.id],
    ]);
  });

  it('never tell of a reply before the one that it answers, whichever is delivered first, and of each once', async () => {
    const root = await aTweet(stores.tweets);
    const stream = audience.conversation(null, root.id, await audience.place());
    const chain = [await aTweet(stores.tweets, { authorId: ada, parent: root })];
    for (const authorId of [bob, cyd, ada]) {
      chain.push(await aTweet(stores.tweets, { authorId, parent: chain.at(-1) ?? root }));
    }
    await audience.settle((events) => [...events.toReversed(), ...events]);
    await audience.untilQuiet();
    expect(told(stream)).toEqual(chain.map(({ id }) => ['reply', id]));
  });

  it('go on behind the place of a page, with what came and went since', async () => {
    const root = await aTweet(stores.tweets);
    const before = await aTweet(stores.tweets, { parent: root });
    await audience.settle();
    const place = await audience.place();
    const came = await aTweet(stores.tweets, { authorId: bob, parent: before });
    await stores.tweets.delete(before.id, ada, new Date());
    await audience.settle();
    const first = audience.conversation(null, root.id, place);
    await untilTold(first, 2);
    expect(told(first)).toEqual([
      ['reply', came.id],
      ['removed', before.id],
    ]);
    await first.stream.return();

    const more = await aTweet(stores.tweets, { parent: came });
    await audience.settle();
    const resumed = audience.conversation(null, root.id, (first.events[0] as LiveEvent).place);
    await untilTold(resumed, 2);
    expect(told(resumed)).toEqual([
      ['removed', before.id],
      ['reply', more.id],
    ]);
  });

  it('tell nothing of those whom the viewer may not see, neither that they came nor that they went', async () => {
    const root = await aTweet(stores.tweets, { authorId: ada });
    await relations(stores.admin).block('205', bob);
    const place = await audience.place();
    const [blocked, other] = [
      audience.conversation(bob, root.id, place),
      audience.conversation(cyd, root.id, place),
    ];
    const hidden = await aTweet(stores.tweets, { authorId: '205', parent: root });
    const below = await aTweet(stores.tweets, { authorId: cyd, parent: hidden });
    await audience.settle();
    await untilTold(other, 2);
    await stores.tweets.delete(hidden.id, '205', new Date());
    await audience.settle();
    await untilTold(blocked, 1);
    await untilTold(other, 3);
    await audience.untilQuiet();
    expect(told(blocked)).toEqual([['reply', below.id]]);
    expect(told(other)).toEqual([
      ['reply', hidden.id],
      ['reply', below.id],
      ['removed', hidden.id],
    ]);
  });

  it('take back replies that are hidden since', async () => {
    const root = await aTweet(stores.tweets, { authorId: ada });
    const stream = audience.conversation(bob, root.id, await audience.place());
    const reply = await aTweet(stores.tweets, { authorId: '206', parent: root });
    await audience.settle();
    await untilTold(stream, 1);
    await relations(stores.admin).block(bob, '206');
    await audience.happen(UserBlocked, { blockerId: bob, blockedId: '206', blockedAtMs: Date.now() });
    await untilTold(stream, 2);
    expect(told(stream)).toEqual([
      ['reply', reply.id],
      ['removed', reply.id],
    ]);
  });

  it('tell nothing of replies that were hidden or deleted while they waited for the reader', async () => {
    const root = await aTweet(stores.tweets, { authorId: ada });
    const { slow, quick } = await slowAndQuick(root);
    const hidden = await aTweet(stores.tweets, { authorId: '209', parent: root });
    const gone = await aTweet(stores.tweets, { authorId: cyd, parent: root });
    const seen = await aTweet(stores.tweets, { authorId: cyd, parent: root });
    await audience.settle();
    await untilTold(quick, 4);
    await relations(stores.admin).block('209', bob);
    await stores.tweets.delete(gone.id, cyd, new Date());
    expect(await read(slow, 3)).toEqual([
      expect.objectContaining({ kind: 'removed', tweetId: hidden.id }),
      expect.objectContaining({ kind: 'removed', tweetId: gone.id }),
      expect.objectContaining({
        kind: 'reply',
        tweet: expect.objectContaining({ id: seen.id }) as unknown,
      }),
    ]);
  });

  it('tell nothing of replies below a tweet that was hidden while they waited for the reader', async () => {
    const root = await aTweet(stores.tweets, { authorId: '210' });
    const { slow, quick } = await slowAndQuick(root);
    const reply = await aTweet(stores.tweets, { authorId: cyd, parent: root });
    await audience.settle();
    await untilTold(quick, 2);
    await relations(stores.admin).block('210', bob);
    expect(await read(slow, 1)).toMatchObject([{ kind: 'removed', tweetId: reply.id }]);
  });

  it('tell of a gap since the cursor when more was missed than waits', async () => {
    const root = await aTweet(stores.tweets);
    const place = await audience.place();
    const ids = Array.from({ length: 1001 }, (_, n) => String(1000 + n));
    await audience.announcer.told('reply', root.id, ids);
    const pausedMs = place.atMs - 10 * 60 * 1000;
    const reached = { ...place, position: `${pausedMs}-0`, atMs: pausedMs + 1 };
    const unknown = { ...place, position: START, atMs: pausedMs };
    for (const after of [reached, unknown]) {
      const resumed = audience.conversation(null, root.id, after);
      await untilTold(resumed, 1);
      expect(resumed.events).toMatchObject([{ kind: 'gap', sinceMs: pausedMs }]);
    }
  });

  it('tell of a gap when what they would begin behind is lost while they begin', async () => {
    const root = await aTweet(stores.tweets);
    const { gate } = audience;
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const slow = audience.liveBy(stores.env.REDIS_URL, {
      ...gate,
      conversationOf: async (id) => {
        asked.resolve();
        await held.promise;
        return gate.conversationOf(id);
      },
    });
    const watching = audience.follow(slow.tweets(null, new Set([root.id]), null));
    await untilTold(watching, 1);
    const beginning = audience.follow(slow.conversation(null, root.id, await audience.place()));
    await asked.promise;
    const { client } = audience.redis;
    await client.del(await client.keys(`${stores.env.REDIS_KEY_PREFIX}*`));
    await aTweet(stores.tweets, { parent: root });
    await audience.settle();
    await until('the loss is seen', () => told(watching).some(([kind]) => kind === 'gap'));
    held.resolve();
    await untilTold(beginning, 1);
    expect(told(beginning)).toEqual([['gap']]);
    const reply = await aTweet(stores.tweets, { parent: root });
    await audience.settle();
    await untilTold(beginning, 2);
    expect(told(beginning)).toEqual([['gap'], ['reply', reply.id]]);
  });

  it('are silent about a tweet that never was', async () => {
    const stream = audience.conversation(null, '5', null);
    await audience.untilQuiet();
    expect(stream.events).toEqual([]);
  });

  it('are as silent about a tweet that is hidden, whoever replies to it', async () => {
    const root = await aTweet(stores.tweets, { authorId: '207' });
    await relations(stores.admin).block('207', bob);
    const place = await audience.place();
    const [kept, other] = [
      audience.conversation(bob, root.id, place),
      audience.conversation(cyd, root.id, place),
    ];
    const reply = await aTweet(stores.tweets, { authorId: cyd, parent: root });
    await audience.settle();
    await untilTold(other, 1);
    await audience.untilQuiet();
    expect(told(other)).toEqual([['reply', reply.id]]);
    expect(kept.events).toEqual([]);
  });
});
