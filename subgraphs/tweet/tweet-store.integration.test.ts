import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TweetDeleted } from '../../platform/events/tweet-deleted.ts';
import { TweetPosted } from '../../platform/events/tweet-posted.ts';
import { createIdSource } from '../../platform/ids.ts';
import { counterDrift } from './counter-drift.ts';
import { createNewIds } from '../../platform/new-ids.ts';
import { postTweet } from './post-tweet.ts';
import { aNewTweet, aTweet, openTweetStores, type TweetStores } from './tweet-stores.builder.ts';
import type { NewTweet } from './tweet.ts';
import { createTweetStore } from './tweet-store.ts';

describe('the tweet store', () => {
  let stores: TweetStores;
  beforeAll(async () => {
    stores = await openTweetStores();
    await stores.admin.query(
      `INSERT INTO users.username_claims (username, user_id) VALUES ('ada', 7), ('bob', 8)`,
    );
  });
  afterAll(() => stores.close());
  beforeEach(async () => {
    await stores.admin.query(
      `TRUNCATE tweets.entries, tweets.retweets, tweets.likes, tweets.tweet_counters, tweets.author_counters,
        tweets.hashtags, tweets.hashtag_counters, tweets.revisions, tweets.pins, tweets.idempotency_keys, tweets.outbox`,
    );
  });

  const post = (input: NewTweet, authorId = '1') =>
    postTweet(
      input,
      authorId,
      stores.tweets,
      async (id) => (await stores.tweets.byIds([id], authorId))[0] ?? null,
    );
  const payloads = async () =>
    (await stores.admin.query<{ payload: Buffer }>('SELECT payload FROM tweets.outbox ORDER BY id')).rows.map(
      ({ payload }) => payload,
    );

  it('stores a tweet, counts it, announces it and wakes the relay', async () => {
    const wakes = stores.wakes();
    const { tweet } = await post(aNewTweet({ text: 'Hello @Ada and @nobody, see #Terns' }), '3');
    expect(tweet).toMatchObject({
      authorId: '3',
      entities: [
        { type: 'mention', start: 6, end: 10, userId: '7' },
        { type: 'hashtag', start: 28, end: 34, tag: 'terns' },
      ],
      inReplyToId: null,
      conversationId: tweet?.id,
    });
    expect(await stores.tweets.byIds([tweet?.id ?? ''], null)).toEqual([tweet]);
    expect(await stores.cards.entryCountsOf(['3'])).toEqual([1]);
    expect((await payloads()).map(TweetPosted.decode)).toEqual([
      {
        tweetId: tweet?.id,
        authorId: '3',
        inReplyToId: null,
        inReplyToAuthorId: null,
        postedAtMs: tweet?.createdAt.getTime(),
        conversationId: tweet?.id,
        quotedId: null,
        quotedAuthorId: null,
      },
    ]);
    expect(stores.wakes()).toBe(wakes + 1);
  });

  it('gives what is there in the order asked, and null for the rest', async () => {
    const [a, b] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
    expect(await stores.tweets.byIds([b.id, '5', a.id], null)).toEqual([b, null, a]);
  });

  it('puts a reply into its parent’s thread, and counts it there', async () => {
    const first = await aTweet(stores.tweets, { authorId: '1' });
    const second = await aTweet(stores.tweets, { authorId: '2', parent: first });
    const third = await aTweet(stores.tweets, { authorId: '3', parent: second });
    expect(third).toMatchObject({
      inReplyToId: second.id,
      inReplyToAuthorId: '2',
      conversationId: first.id,
    });
    expect((await stores.cards.countsOf([first.id, second.id])).map((counts) => counts.replyCount)).toEqual([
      1, 1,
    ]);
  });

  describe('with an idempotency key', () => {
    it('posts once, and answers again with the same tweet', async () => {
      const input = aNewTweet();
      const first = await post(input);
      expect(await post(input)).toEqual(first);
      expect(await stores.told()).toEqual(['TweetPosted.v1']);
    });

    it('posts once also when asked many times at once', async () => {
      const input = aNewTweet();
      const answers = await Promise.all(Array.from({ length: 10 }, () => post(input)));
      expect(new Set(answers.map(({ tweet }) => tweet?.id)).size).toBe(1);
      expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
      expect(await stores.told()).toHaveLength(1);
    });

    it('refuses another tweet, and says which one the key stands for', async () => {
      const input = aNewTweet();
      const { tweet } = await post(input);
      expect(await post({ ...input, text: 'Something else' })).toMatchObject({
        tweet: null,
        errors: [{ __typename: 'IdempotencyConflictError', code: 'CONFLICT', tweet: { id: tweet?.id } }],
      });
      await stores.tweets.delete(tweet?.id ?? '', '1', new Date());
      expect(await post({ ...input, text: 'Something else' })).toMatchObject({ errors: [{ tweet: null }] });
    });

    it('does not post again what was deleted since', async () => {
      const input = aNewTweet();
      const { tweet } = await post(input);
      await stores.tweets.delete(tweet?.id ?? '', '1', new Date());
      expect(await post(input)).toMatchObject({ tweet: null, errors: [{ __typename: 'NotFoundError' }] });
    });

    it('answers a repeat as before although the parent is gone by now', async () => {
      const parent = await aTweet(stores.tweets, { authorId: '2' });
      const input = aNewTweet({ inReplyToId: parent.id });
      const first = await post(input);
      await stores.tweets.delete(parent.id, '2', new Date());
      expect(await post(input)).toEqual(first);
    });

    it('is each author’s own', async () => {
      const input = aNewTweet();
      const [a, b] = [await post(input, '1'), await post(input, '2')];
      expect(a.tweet?.id).not.toBe(b.tweet?.id);
    });
  });

  it('refuses a reply to a deleted tweet and writes nothing', async () => {
    const parent = await aTweet(stores.tweets);
    await stores.tweets.delete(parent.id, '1', new Date());
    const refused = { tweet: null, errors: [{ __typename: 'NotFoundError', field: ['inReplyToTweetId'] }] };
    expect(await post(aNewTweet({ inReplyToId: parent.id }), '2')).toMatchObject(refused);
    // Deleted between the look at the parent and the insert.
    const late = await postTweet(
      aNewTweet({ inReplyToId: parent.id }),
      '2',
      stores.tweets,
      async () => parent,
    );
    expect(late).toMatchObject(refused);
    const { rows } = await stores.admin.query(`SELECT FROM tweets.idempotency_keys WHERE author_id = 2`);
    expect(rows).toHaveLength(0);
  });

  it('draws another worker number when ids are taken', async () => {
    const now = () => Date.parse('2026-11-21T12:00Z');
    await stores.admin.query(`SELECT setval('tweets.worker_numbers', 40, true)`);
    const taken = createIdSource(41, now).next();
    await stores.admin.query(
      `INSERT INTO tweets.entries (id, author_id, tweet_id, tweet_author_id, text, entities, language, conversation_id, created_at)
       VALUES ($1, 9, $1, 9, '', '[]', 'und', $1, now())`,
      [taken],
    );
    const { database } = stores;
    const tweets = createTweetStore({
      database,
      withNewIds: createNewIds(database.primary, 'tweets', now),
      wake: () => undefined,
    });
    const posted = await Promise.all([1, 2, 3].map(() => aTweet(tweets)));
    expect(new Set([taken, ...posted.map(({ id }) => id)]).size).toBe(4);
    expect(await stores.told()).toHaveLength(3);
  });

  describe('deleting', () => {
    it('ends a tweet with its retweets, uncounts all, announces it, and leaves no word of it', async () => {
      const parent = await aTweet(stores.tweets, { authorId: '2' });
      const tweet = await aTweet(stores.tweets, { authorId: '1', parent, text: 'A secret' });
      await Promise.all(['1', '3', '4'].map((userId) => stores.reactions.retweet(tweet, userId)));
      expect(await stores.tweets.delete(tweet.id, '1', new Date())).toEqual({
        type: 'deleted',
        inReplyToId: parent.id,
      });

      expect(await stores.tweets.byIds([tweet.id], null)).toEqual([null]);
      expect(await stores.cards.entryCountsOf(['1', '3', '4'])).toEqual([0, 0, 0]);
      expect(await stores.cards.countsOf([parent.id])).toMatchObject([{ replyCount: 0 }]);
      const { rows } = await stores.admin.query(`SELECT FROM tweets.entries WHERE text LIKE '%secret%'`);
      expect(rows).toHaveLength(0);
      const event = TweetDeleted.decode((await payloads()).at(-1) ?? Buffer.of());
      expect(event).toMatchObject({ tweetId: tweet.id, authorId: '1' });
      expect(event.retweetEntries.map(({ retweeterId }) => retweeterId).toSorted()).toEqual(['1', '3', '4']);
    });

    it('gives the same answer again, and announces once', async () => {
      const tweet = await aTweet(stores.tweets);
      const first = await stores.tweets.delete(tweet.id, '1', new Date());
      expect(await stores.tweets.delete(tweet.id, '1', new Date())).toEqual(first);
      expect(await stores.told()).toEqual(['TweetPosted.v1', 'TweetDeleted.v1']);
    });

    it('is for its author only, and tells others nothing of what is gone', async () => {
      const tweet = await aTweet(stores.tweets, { authorId: '1' });
      expect(await stores.tweets.delete(tweet.id, '2', new Date())).toEqual({ type: 'not-yours' });
      await stores.tweets.delete(tweet.id, '1', new Date());
      expect(await stores.tweets.delete(tweet.id, '2', new Date())).toEqual({ type: 'absent' });
      expect(await stores.tweets.delete('12345', '1', new Date())).toEqual({ type: 'absent' });
    });
  });

  it('keeps every counter equal to its rows through a storm of likes, retweets, replies and deletions', async () => {
    const targets = await Promise.all(['1', '2', '3'].map((authorId) => aTweet(stores.tweets, { authorId })));
    const storm = Array.from({ length: 20 }, async (_, person) => {
      const userId = String(person + 1);
      for (let turn = 0; turn < 12; turn += 1) {
        const tweet = targets[(person + turn) % targets.length] ?? targets[0];
        if (tweet === undefined) throw new Error('no target');
        const step = (person * 7 + turn) % 6;
        if (step === 0) await stores.reactions.like(tweet, userId, new Date());
        if (step === 1) await stores.reactions.retweet(tweet, userId);
        if (step === 2) await stores.reactions.unlike(tweet.id, userId);
        if (step === 3) await stores.reactions.undoRetweet(tweet.id, userId);
        if (step === 4) {
          const reply = (await post(aNewTweet({ inReplyToId: tweet.id }), userId)).tweet;
          if (reply !== null && turn % 2 === 0) await stores.tweets.delete(reply.id, userId, new Date());
        }
        if (step === 5 && turn === 9) await stores.tweets.delete(tweet.id, tweet.authorId, new Date());
      }
    });
    await Promise.all(storm);
    expect(
      await stores.tweets.byIds(
        targets.map(({ id }) => id),
        null,
      ),
    ).toContain(null);
    expect(await counterDrift(stores.database.primary)).toEqual([]);
  });
});
