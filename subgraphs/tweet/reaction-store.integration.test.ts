import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RetweetUndone } from '../../platform/events/retweet-undone.ts';
import { TweetRetweeted } from '../../platform/events/tweet-retweeted.ts';
import { counterDrift } from './counter-drift.ts';
import { aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';

describe('the reaction store', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
  });
  afterAll(() => stores.close());

  const counts = async (tweetId: string) => (await stores.cards.countsOf([tweetId]))[0];
  const payload = async (name: string) => {
    const { rows } = await stores.admin.query<{ payload: Buffer; key: string }>(
      'SELECT payload, key FROM tweets.outbox WHERE name = $1 ORDER BY id DESC LIMIT 1',
      [name],
    );
    return { bytes: rows[0]?.payload ?? Buffer.of(), key: rows[0]?.key };
  };

  it('counts a like once, however often and at once it is given', async () => {
    const { id } = await aTweet(stores.tweets);
    const liked = Array.from({ length: 8 }, () =>
      stores.reactions.like({ id, authorId: '1' }, '5', new Date()),
    );
    expect(await Promise.all(liked)).toEqual(Array.from({ length: 8 }, () => true));
    expect(await counts(id)).toMatchObject({ likeCount: 1 });
    await Promise.all([stores.reactions.unlike(id, '5'), stores.reactions.unlike(id, '5')]);
    expect(await counts(id)).toMatchObject({ likeCount: 0 });
  });

  it('spreads the likes of one tweet over many rows, though ids end in zeros', async () => {
    const { id } = await aTweet(stores.tweets);
    const people = Array.from({ length: 40 }, (_, n) => String(BigInt(n + 1) << 22n));
    await Promise.all(
      people.map((userId) => stores.reactions.like({ id, authorId: '1' }, userId, new Date())),
    );
    const { rows } = await stores.admin.query('SELECT FROM tweets.tweet_counters WHERE tweet_id = $1', [id]);
    expect(rows.length).toBeGreaterThan(8);
    expect(await counts(id)).toMatchObject({ likeCount: 40 });
  });

  it('retweets once, as an entry of the retweeter’s, and tells it', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '1' });
    const wakes = stores.wakes();
    await Promise.all(Array.from({ length: 4 }, () => stores.reactions.retweet(tweet, '6')));
    expect(await counts(tweet.id)).toMatchObject({ retweetCount: 1 });
    expect(await stores.cards.entryCountsOf(['6'])).toEqual([1]);
    expect(stores.wakes()).toBe(wakes + 1);
    const told = await payload('TweetRetweeted.v1');
    const event = TweetRetweeted.decode(told.bytes);
    expect(told.key).toBe('6');
    expect(event).toMatchObject({ tweetId: tweet.id, tweetAuthorId: '1', retweeterId: '6' });

    await Promise.all([
      stores.reactions.undoRetweet(tweet.id, '6'),
      stores.reactions.undoRetweet(tweet.id, '6'),
    ]);
    expect(await counts(tweet.id)).toMatchObject({ retweetCount: 0 });
    expect(RetweetUndone.decode((await payload('RetweetUndone.v1')).bytes)).toEqual({
      entryId: event.entryId,
      tweetId: tweet.id,
      retweeterId: '6',
    });
    const { rows } = await stores.admin.query('SELECT FROM tweets.entries WHERE id = $1', [event.entryId]);
    expect(rows).toHaveLength(0);
    expect((await stores.told()).filter((name) => name.includes('etweet'))).toEqual([
      'TweetRetweeted.v1',
      'RetweetUndone.v1',
    ]);
  });

  it('takes no reaction to what is deleted or never was', async () => {
    const tweet = await aTweet(stores.tweets);
    await stores.tweets.delete(tweet.id, '1', new Date());
    for (const id of [tweet.id, '4242']) {
      expect(await stores.reactions.like({ id, authorId: '1' }, '5', new Date())).toBe(false);
      expect(await stores.reactions.unlike(id, '5')).toBe(false);
      expect(await stores.reactions.retweet({ id, authorId: '1' }, '5')).toBe('absent');
      expect(await stores.reactions.undoRetweet(id, '5')).toBe(false);
    }
    expect(await counterDrift(stores.database.primary)).toEqual([]);
  });

  it('knows for a page of tweets what the viewer did with each and may do', async () => {
    const [a, b] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
    await stores.reactions.like(a, '5', new Date());
    await stores.reactions.retweet(b, '5');
    await stores.keeping.bookmark('5', a.id, new Date());
    expect(await stores.cards.flagsFor('5', [b.id, '4242', a.id])).toEqual([
      { liked: false, retweeted: true, bookmarked: false, mayReply: true, mayShare: true },
      { liked: false, retweeted: false, bookmarked: false, mayReply: false, mayShare: false },
      { liked: true, retweeted: false, bookmarked: true, mayReply: true, mayShare: true },
    ]);
  });
});
