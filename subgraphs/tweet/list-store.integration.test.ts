import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lowestIdAt, type Id } from '../../platform/ids.ts';
import type { Page } from '../connection.ts';
import { momentKey } from './id-order.ts';
import type { UserTweetsFilter } from './list-store.ts';
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

describe('the list store', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
  });
  afterAll(() => stores.close());

  const remove = (tweet: Tweet) => stores.tweets.delete(tweet.id, tweet.authorId, new Date());

  describe('what an account posted', () => {
    const listedOf = async (authorIds: Id[], filter: UserTweetsFilter, given: Partial<Page> = {}) =>
      (await stores.lists.byAuthor(authorIds, filter, page(given), PRIMARY)).map((entries) =>
        entries.map(({ tweetId }) => tweetId),
      );
    const listed = async (authorId: Id, filter: UserTweetsFilter, given: Partial<Page> = {}) =>
      (await listedOf([authorId], filter, given))[0];

    it('is filtered as a profile asks, newest first', async () => {
      const other = await aTweet(stores.tweets, { authorId: '11' });
      const own = await aTweet(stores.tweets, { authorId: '10' });
      const toSelf = await aTweet(stores.tweets, { authorId: '10', parent: own });
      const toOther = await aTweet(stores.tweets, { authorId: '10', parent: other });
      await stores.reactions.retweet(other, '10');
      await remove(await aTweet(stores.tweets, { authorId: '10' }));
      expect(await listed('10', 'TWEETS')).toEqual([other.id, toSelf.id, own.id]);
      expect(await listed('10', 'TWEETS_AND_REPLIES')).toEqual([toOther.id, toSelf.id, own.id]);
      expect(await listed('10', 'ORIGINALS')).toEqual([own.id]);
    });

    it('is paged across quarters to the first, and one row further than the page', async () => {
      const moments = ['2025-02-01', '2025-05-01', '2026-01-05', '2026-07-01', '2026-10-01'];
      const ids = moments.map((moment) => lowestIdAt(Date.parse(moment) + 1));
      await stores.admin.query(
        `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language, conversation_id, created_at)
         SELECT id, 12, id, 12, 'x', '[]', 'und', id, now() FROM unnest($1::bigint[]) AS id`,
        [ids],
      );
      const newestFirst = ids.toReversed();
      expect(await listed('12', 'TWEETS')).toEqual(newestFirst);
      expect(await listed('12', 'TWEETS', { limit: 2 })).toEqual(newestFirst.slice(0, 3));
      expect(await listed('12', 'TWEETS', { limit: 2, after: [newestFirst[1] ?? ''] })).toEqual(
        newestFirst.slice(2),
      );
    });

    it('is each account’s own when several are asked, of which one is full in the first quarter', async () => {
      const busy = [];
      for (let n = 0; n < 4; n += 1) busy.push((await aTweet(stores.tweets, { authorId: '13' })).id);
      const asked = ['14', '12', '13'];
      for (const limit of [1, 2, 3, 20]) {
        const alone = [];
        for (const authorId of asked) alone.push(await listed(authorId, 'TWEETS', { limit }));
        expect(await listedOf(asked, 'TWEETS', { limit })).toEqual(alone);
        expect(alone.map((ids) => ids?.length)).toEqual([0, Math.min(limit + 1, 5), Math.min(limit + 1, 4)]);
      }
    });
  });

  it('gives what each of several accounts likes', async () => {
    const [first, second] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
    const at = (secs: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, secs));
    await stores.reactions.like(first, '15', at(1));
    await stores.reactions.like(second, '16', at(2));
    await stores.reactions.like(second, '15', at(3));
    await stores.reactions.like(first, '16', at(4));
    const likes = async (given: Partial<Page>) =>
      (await stores.lists.likedBy(['17', '16', '15'], page(given), PRIMARY)).map((kept) =>
        kept.map(({ tweetId }) => tweetId),
      );
    expect(await likes({})).toEqual([[], [first.id, second.id], [second.id, first.id]]);
    expect(await likes({ after: momentKey(at(3), second.id) })).toEqual([[], [second.id], [first.id]]);
    expect(await likes({ limit: 1, after: momentKey(at(2), second.id) })).toEqual([[], [], [first.id]]);
  });

  it('gives what carries each of several hashtags', async () => {
    const ids = [];
    for (const text of ['#rook', '#rook #crow', '#crow', '#crow'])
      ids.push((await aTweet(stores.tweets, { text })).id);
    const [a, b, c, d] = ids;
    const tagged = (given: Partial<Page>) =>
      stores.lists.tagged(['crow', 'none', 'rook'], page(given), PRIMARY);
    expect(await tagged({})).toEqual([[d, c, b], [], [b, a]]);
    expect(await tagged({ limit: 1 })).toEqual([[d, c], [], [b, a]]);
    expect(await tagged({ after: [c ?? ''] })).toEqual([[b], [], [b, a]]);
  });
});
