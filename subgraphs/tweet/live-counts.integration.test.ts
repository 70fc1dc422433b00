import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UserBlocked } from '../../platform/events/user-blocked.ts';
import { detourTo } from '../../tests/detour.ts';
import { until } from '../../tests/until.ts';
import { openLiveAudience, read, told, untilTold, type LiveAudience } from './live-audience.builder.ts';
import type { LiveEvent } from './live-event.ts';
import { BUCKET } from './live-log.ts';
import { aTweet, relations, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';

const QUARTER_HOUR_MS = 15 * 60 * 1000;
const [ada, bob, cyd] = ['1', '2', '3'] as const;

const countsIn = (event: LiveEvent | undefined) => (event && 'counts' in event ? event.counts : null);

describe('streams of tweets', () => {
  let audience: LiveAudience;
  let stores: TweetStores;
  beforeAll(async () => {
    audience = await openLiveAudience();
    ({ stores } = audience);
  });
  afterEach(() => audience.leave());
  afterAll(() => audience.close());

  const like = async (tweet: Tweet, people: number, from = 10) => {
    for (let n = 0; n < people; n++) await stores.reactions.like(tweet, String(from + n), new Date());
  };

  it('begin with the present counts of each that the viewer may see, and are silent about the others', async () => {
    const seen = await aTweet(stores.tweets, { authorId: ada });
    const hidden = await aTweet(stores.tweets, { authorId: '201' });
    await relations(stores.admin).block('201', bob);
    await like(seen, 3);
    const stream = audience.tweets(bob, [hidden.id, seen.id, '5']);
    await untilTold(stream, 1);
    await like(hidden, 1);
    await audience.settle();
    await audience.untilQuiet();
    expect(told(stream)).toEqual([['counts', seen.id]]);
    expect(countsIn(stream.events[0])).toMatchObject({ likeCount: 3, retweetCount: 0 });
  });

  it('tell of fifty likes in few events, the last with all of them', async () => {
    const tweet = await aTweet(stores.tweets);
    const beganMs = Date.now();
    const stream = audience.tweets(null, [tweet.id]);
    await untilTold(stream, 1);
    for (let from = 10; from < 60; from += 10) {
      await like(tweet, 10, from);
      await audience.settle();
    }
    const last = () => countsIn(stream.events.at(-1));
    await until('all likes are told', () => last()?.likeCount === 50);
    // The first, and one in each second since.
    expect(stream.events.length).toBeLessThanOrEqual(1 + Math.floor((Date.now() - beganMs) / 1000));
    // However often it was announced, the log keeps the last.
    const entries = await audience.redis.client.xrange(audience.keys.log(BUCKET), '-', '+');
    expect(entries.filter(([, fields]) => fields.includes(tweet.id))).toHaveLength(1);
  });

  it('tell of replies, quotes and retweets as they come and go', async () => {
    const tweet = await aTweet(stores.tweets);
    const stream = audience.tweets(null, [tweet.id]);
    const untilCounts = (wanted: object) =>
      until('the counts are told', () => {
        expect(countsIn(stream.events.at(-1))).toEqual({ likeCount: 0, ...wanted });
        return true;
      });
    await untilCounts({ retweetCount: 0, replyCount: 0, quoteCount: 0 });
    const reply = await aTweet(stores.tweets, { authorId: bob, parent: tweet });
    await aTweet(stores.tweets, { authorId: bob, quoted: tweet });
    await stores.reactions.retweet(tweet, cyd);
    await audience.settle();
    await untilCounts({ retweetCount: 1, replyCount: 1, quoteCount: 1 });
    await stores.tweets.delete(reply.id, bob, new Date());
    await stores.reactions.undoRetweet(tweet.id, cyd);
    await audience.settle();
    await untilCounts({ retweetCount: 0, replyCount: 0, quoteCount: 1 });
  });

  it('tell of new words, and of the end', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: ada });
    const stream = audience.tweets(bob, [tweet.id]);
    await untilTold(stream, 1);
    await stores.tweets.edit(tweet.id, ada, { text: 'Gulls, then.', entities: [] }, new Date());
    await audience.settle();
    await untilTold(stream, 2);
    expect(stream.events[1]).toMatchObject({ kind: 'words', tweet: { text: 'Gulls, then.' } });
    await stores.tweets.delete(tweet.id, ada, new Date());
    await audience.settle();
    await untilTold(stream, 3);
    expect(told(stream)[2]).toEqual(['removed', tweet.id]);
  });

  it('take a tweet back as soon as it is hidden, and tell nothing more of it', async () => {
    const hidden = await aTweet(stores.tweets, { authorId: '202' });
    const seen = await aTweet(stores.tweets, { authorId: '203' });
    const stream = audience.tweets(bob, [hidden.id, seen.id]);
    await untilTold(stream, 2);
    await relations(stores.admin).block('202', bob);
    await audience.happen(UserBlocked, { blockerId: '202', blockedId: bob, blockedAtMs: Date.now() });
    await untilTold(stream, 3);
    expect(told(stream)[2]).toEqual(['removed', hidden.id]);
    await like(hidden, 2);
    await audience.settle();
    await audience.untilQuiet();
    expect(stream.events).toHaveLength(3);
  });

  it('take a tweet back with the next event when nobody said that it is hidden', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '204' });
    const stream = audience.tweets(bob, [tweet.id]);
    await untilTold(stream, 1);
    await relations(stores.admin).block('204', bob);
    await like(tweet, 1);
    await audience.settle();
    await untilTold(stream, 2);
    expect(told(stream)[1]).toEqual(['removed', tweet.id]);
  });

  it('tell nothing of a tweet that was hidden or deleted while it waited for the reader', async () => {
    const hidden = await aTweet(stores.tweets, { authorId: '208' });
    const gone = await aTweet(stores.tweets, { authorId: ada });
    const edited = await aTweet(stores.tweets, { authorId: ada });
    const first = await aTweet(stores.tweets);
    const ids = [first.id, hidden.id, gone.id, edited.id];
    const slow = audience.holding(audience.live.tweets(bob, new Set(ids), null));
    // The present counts come all at once.
    await read(slow, 1);
    await relations(stores.admin).block('208', bob);
    await stores.tweets.delete(gone.id, ada, new Date());
    await stores.tweets.edit(edited.id, ada, { text: 'Gulls, then.', entities: [] }, new Date());
    expect(await read(slow, 3)).toEqual([
      expect.objectContaining({ kind: 'removed', tweetId: hidden.id }),
      expect.objectContaining({ kind: 'removed', tweetId: gone.id }),
      expect.objectContaining({
        kind: 'counts',
        tweet: expect.objectContaining({ text: 'Gulls, then.' }) as unknown,
      }),
    ]);
  });

  it('go on behind a cursor with only what changed since', async () => {
    const [changed, same, gone] = [
      await aTweet(stores.tweets),
      await aTweet(stores.tweets),
      await aTweet(stores.tweets),
    ];
    const ids = [changed.id, same.id, gone.id];
    const first = audience.tweets(ada, ids);
    await untilTold(first, 3);
    const { place } = first.events[2] as LiveEvent;
    await first.stream.return();
    await like(changed, 2);
    await stores.tweets.delete(gone.id, ada, new Date());
    await audience.settle();
    const resumed = audience.tweets(ada, ids, place);
    await untilTold(resumed, 2);
    await like(changed, 1, 20);
    await audience.settle();
    await untilTold(resumed, 3);
    expect(told(resumed)).toEqual(
      expect.arrayContaining([
        ['counts', changed.id],
        ['removed', gone.id],
        ['counts', changed.id],
      ]),
    );
    expect(countsIn(resumed.events[2])?.likeCount).toBe(3);
  });

  it('go on behind any event of the beginning without losing the rest of it', async () => {
    const [one, two] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
    await like(two, 1);
    await audience.settle();
    const first = audience.tweets(null, [one.id, two.id]);
    await untilTold(first, 2);
    const resumed = audience.tweets(null, [one.id, two.id], (first.events[0] as LiveEvent).place);
    await untilTold(resumed, 1);
    expect(told(resumed)).toEqual([['counts', two.id]]);
  });

  it('tell of a gap once, then of the present, when what happened is not known', async () => {
    const tweet = await aTweet(stores.tweets);
    const running = audience.tweets(null, [tweet.id]);
    await untilTold(running, 1);
    const { place } = running.events[0] as LiveEvent;
    const tooOld = audience.tweets(null, [tweet.id], { ...place, atMs: place.atMs - QUARTER_HOUR_MS - 1000 });
    await untilTold(tooOld, 2);
    expect(told(tooOld)).toEqual([['gap'], ['counts', tweet.id]]);

    const lost = await audience.redis.client.keys(`${stores.env.REDIS_KEY_PREFIX}*`);
    await audience.redis.client.del(lost);
    const afterLoss = audience.tweets(null, [tweet.id], place);
    await untilTold(afterLoss, 2);
    expect(told(afterLoss)).toEqual([['gap'], ['counts', tweet.id]]);
    await like(tweet, 1);
    await audience.settle();
    await until('the like is told', () => countsIn(running.events.at(-1))?.likeCount === 1);
    expect(told(running).slice(0, 3)).toEqual([['counts', tweet.id], ['gap'], ['counts', tweet.id]]);
    // Counts come a second after those before, which may be before the like.
    expect(told(running).slice(3)).toEqual(running.events.slice(3).map(() => ['counts', tweet.id]));
  });

  it('begin from Postgres while Redis is away, and tell of a gap when it is back', async () => {
    const tweet = await aTweet(stores.tweets);
    const detour = await detourTo(stores.env.REDIS_URL);
    const elsewhere = audience.liveBy(detour.url);
    const stream = audience.follow(elsewhere.tweets(null, new Set([tweet.id]), null));
    await untilTold(stream, 1);
    await like(tweet, 1);
    await audience.settle();
    await detour.open();
    await untilTold(stream, 3);
    expect(told(stream)).toEqual([['counts', tweet.id], ['gap'], ['counts', tweet.id]]);
    expect(countsIn(stream.events[2])?.likeCount).toBe(1);
    await like(tweet, 1, 20);
    await audience.settle();
    await until('it goes on', () => countsIn(stream.events.at(-1))?.likeCount === 2);
    await elsewhere.stop();
    await detour.close();
  });

  it('settle at once when they are left', async () => {
    const stream = audience.live.tweets(null, new Set([(await aTweet(stores.tweets)).id]), null);
    expect((await stream.next()).done).toBe(false);
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
  });
});
