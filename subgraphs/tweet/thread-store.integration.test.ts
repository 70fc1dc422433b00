import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from '../connection.ts';
import type { ReplyOrder } from './thread-store.ts';
import { aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';
import type { Tweet } from './tweet.ts';

const PRIMARY = { viewerId: null, readsOwnWrites: true };
const page = (given: Partial<Page> = {}): Page => ({
  from: 'start',
  limit: 20,
  after: null,
  before: null,
  ...given,
});

describe('the thread store', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
  });
  afterAll(() => stores.close());

  const remove = (tweet: Tweet) => stores.tweets.delete(tweet.id, tweet.authorId, new Date());

  const ids = (places: readonly { id: string }[]) => places.map(({ id }) => id);

  describe('replies', () => {
    it('come newest or oldest first, page by page, for several tweets at once', async () => {
      const [a, b] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
      const toA = [];
      for (let n = 0; n < 4; n += 1) toA.push((await aTweet(stores.tweets, { parent: a })).id);
      const toB = await aTweet(stores.tweets, { parent: b });
      await aTweet(stores.tweets, { parent: toB });
      const replies = async (order: ReplyOrder, given: Partial<Page> = {}) =>
        (await stores.threads.replies([b.id, a.id], order, page(given), PRIMARY)).map(ids);
      expect(await replies('OLDEST')).toEqual([[toB.id], toA]);
      expect(await replies('NEWEST', { limit: 2 })).toEqual([[toB.id], toA.toReversed().slice(0, 3)]);
      expect((await replies('NEWEST', { after: [toA[2] ?? ''] }))[1]).toEqual([toA[1], toA[0]]);
      expect((await replies('OLDEST', { after: [toA[2] ?? ''] }))[1]).toEqual([toA[3]]);
    });

    it('keep a deleted one only where something stands below it, however deep', async () => {
      const tweet = await aTweet(stores.tweets);
      const replies = async () =>
        ids((await stores.threads.replies([tweet.id], 'OLDEST', page(), PRIMARY))[0] ?? []);
      const alone = await aTweet(stores.tweets, { parent: tweet });
      const answered = await aTweet(stores.tweets, { parent: tweet });
      const below = await aTweet(stores.tweets, { parent: answered });
      const furtherBelow = await aTweet(stores.tweets, { parent: below });
      await Promise.all([alone, answered, below].map(remove));
      expect(await replies()).toEqual([answered.id]);
      await remove(furtherBelow);
      expect(await replies()).toEqual([]);
    });
  });

  describe('ancestors', () => {
    let way: Tweet[];
    const between = (from: number, to: number) => way.slice(from, to).map(({ id }) => id);
    const above = async (given: Partial<Page>) =>
      (await stores.threads.ancestors(between(6, 7), page(given)))[0];
    beforeAll(async () => {
      way = [await aTweet(stores.tweets)];
      for (let n = 0; n < 6; n += 1) way.push(await aTweet(stores.tweets, { parent: way.at(-1) ?? null }));
      if (way[2] !== undefined) await remove(way[2]);
    });

    it('lead from the first of the thread to the tweet, deleted ones too', async () => {
      expect(await above({ from: 'end' })).toEqual(between(0, 6));
      expect(await above({ from: 'start' })).toEqual(between(0, 6));
      expect(await stores.threads.ancestors(between(0, 1), page())).toEqual([[]]);
    });

    it('are paged from the nearest and from the first, one further than the page', async () => {
      expect(await above({ from: 'end', limit: 2 })).toEqual(between(3, 6));
      expect(await above({ from: 'end', limit: 2, before: between(4, 5) })).toEqual(between(1, 4));
      expect(await above({ from: 'start', limit: 2 })).toEqual(between(0, 3));
      expect(await above({ from: 'start', limit: 2, after: between(1, 2) })).toEqual(between(2, 5));
      expect(await above({ from: 'end', limit: 5, after: between(1, 2), before: between(4, 5) })).toEqual(
        between(2, 4),
      );
    });

    it('are each tweet’s own when several are asked', async () => {
      const several = [3, 0, 5, 6].flatMap((n) => between(n, n + 1));
      const shapes: Partial<Page>[] = [
        { from: 'end', limit: 2 },
        { from: 'start', limit: 2 },
        { from: 'end', limit: 2, before: between(4, 5) },
        { from: 'start', limit: 20, after: between(3, 4) },
      ];
      for (const shape of shapes) {
        const alone = [];
        for (const id of several) alone.push(...(await stores.threads.ancestors([id], page(shape))));
        expect(await stores.threads.ancestors(several, page(shape))).toEqual(alone);
      }
    });
  });
});
