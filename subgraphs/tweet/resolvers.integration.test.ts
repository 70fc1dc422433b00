import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTweet, relations, type TweetStores } from './tweet-stores.builder.ts';
import { openTweetSubgraph, type AskedSubgraph } from './tweet-subgraph.builder.ts';
import type { Tweet } from './tweet.ts';

const globalIdOf = ({ id }: Tweet) => `tweet_${id}`;
const CARD = `id text language url createdAt conversationId author { id } likeCount retweetCount replyCount
  viewerHasLiked viewerHasRetweeted viewerCanDelete
  entities { __typename start end ... on MentionEntity { user { id } } ... on HashtagEntity { hashtag { id name } } ... on LinkEntity { url displayText } }`;
const ERRORS = `errors { __typename ... on UserError { code message field } }`;

describe('the tweet subgraph', () => {
  let subgraph: AskedSubgraph;
  let stores: TweetStores;
  let ask: AskedSubgraph['ask'];
  beforeAll(async () => {
    subgraph = await openTweetSubgraph();
    ({ stores, ask } = subgraph);
  });
  afterAll(() => subgraph.close());

  const CREATE = `mutation ($input: CreateTweetInput!) {
    createTweet(input: $input) { tweet { ${CARD} } inReplyTo { id replyCount } ${ERRORS} }
  }`;

  it('posts a tweet and answers with all of it', async () => {
    const { data, codes } = await ask(CREATE, {
      input: { text: 'Back on the roof: #Terns https://example.com/terns', idempotencyKey: 'k1' },
    });
    expect(codes).toBeUndefined();
    expect(data).toMatchObject({
      createTweet: {
        tweet: {
          text: 'Back on the roof: #Terns https://example.com/terns',
          author: { id: 'user_1' },
          likeCount: 0,
          viewerHasLiked: false,
          viewerCanDelete: true,
          entities: [
            { __typename: 'HashtagEntity', hashtag: { id: 'hashtag_terns', name: 'terns' } },
            { __typename: 'LinkEntity', url: 'https://example.com/terns', displayText: 'example.com/terns' },
          ],
        },
        inReplyTo: null,
        errors: [],
      },
    });
  });

  it('answers a reply with the new count of what it answers', async () => {
    const parent = await aTweet(stores.tweets, { authorId: '2' });
    const input = { text: 'Indeed', idempotencyKey: 'k2', inReplyToTweetId: globalIdOf(parent) };
    expect((await ask(CREATE, { input })).data).toMatchObject({
      createTweet: { inReplyTo: { id: globalIdOf(parent), replyCount: 1 }, errors: [] },
    });
  });

  it.each([
    ['only spaces', { text: '  ' }, 'ValidationError'],
    ['281 characters', { text: 'a'.repeat(281) }, 'ValidationError'],
    ['half a surrogate pair', { text: '\ud83d' }, 'ValidationError'],
    ['NUL', { text: '\0' }, 'ValidationError'],
    ['a reply to nothing', { text: 'a', inReplyToTweetId: 'tweet_42' }, 'NotFoundError'],
    ['a key used for something else', { text: 'other', idempotencyKey: 'k1' }, 'IdempotencyConflictError'],
  ])('refuses %s in words', async (_, given, typename) => {
    const { data, codes } = await ask(CREATE, { input: { idempotencyKey: 'k3', ...given } });
    expect(codes).toBeUndefined();
    expect(data).toMatchObject({ createTweet: { tweet: null, errors: [{ __typename: typename }] } });
  });

  it('tells wrong ids, foreign cursors, wrong sizes and nobody signed in by a code', async () => {
    const tweet = await aTweet(stores.tweets);
    const page = `query ($id: ID!, $first: Int, $after: String) {
      tweet(id: $id) { replies(first: $first, after: $after) { edges { cursor } } }
    }`;
    const id = globalIdOf(tweet);
    const cursor = (text: string) => Buffer.from(text).toString('base64url');
    const foreign = [
      cursor('followers 1'),
      cursor(`replies-RANKED-1 5`),
      'x',
      cursor(`replies-RANKED-${tweet.id} ${'9'.repeat(19)}`),
    ];
    for (const variables of [
      { id: 'user_1' },
      { id: 'tweet_99999999999999999999' },
      { id: 'tweet_0' },
      { id, first: 0 },
      { id, first: 101 },
      ...foreign.map((after) => ({ id, after })),
    ]) {
      expect((await ask(page, { first: 20, ...variables })).codes).toEqual(['BAD_USER_INPUT']);
    }
    expect((await ask(CREATE, { input: { text: 'a', idempotencyKey: 'k' } }, null)).codes).toEqual([
      'UNAUTHENTICATED',
    ]);
  });

  it('likes, unlikes, retweets and takes back, with the count as it is then, twice as once', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '2' });
    const field = `{ tweet { likeCount retweetCount viewerHasLiked viewerHasRetweeted } ${ERRORS} }`;
    const change = async (name: string, type: string) =>
      (
        await ask(
          `mutation ($input: ${type}!) { a: ${name}(input: $input) ${field} b: ${name}(input: $input) ${field} }`,
          {
            input: { tweetId: globalIdOf(tweet) },
          },
        )
      ).data;
    const expected = (likeCount: number, retweetCount: number) => {
      const [viewerHasLiked, viewerHasRetweeted] = [likeCount === 1, retweetCount === 1];
      const answer = { tweet: { likeCount, retweetCount, viewerHasLiked, viewerHasRetweeted }, errors: [] };
      return { a: answer, b: answer };
    };
    expect(await change('likeTweet', 'LikeTweetInput')).toEqual(expected(1, 0));
    expect(await change('retweet', 'RetweetInput')).toEqual(expected(1, 1));
    expect(await change('undoRetweet', 'UndoRetweetInput')).toEqual(expected(1, 0));
    expect(await change('unlikeTweet', 'UnlikeTweetInput')).toEqual(expected(0, 0));
  });

  const DELETE = `mutation ($input: DeleteTweetInput!) {
    deleteTweet(input: $input) { deletedTweetId inReplyTo { replyCount } ${ERRORS} }
  }`;

  it('leaves a tombstone where a deleted tweet is missed, and nothing where it is asked for', async () => {
    const first = await aTweet(stores.tweets, { authorId: '2' });
    const middle = await aTweet(stores.tweets, { authorId: '1', parent: first });
    const last = await aTweet(stores.tweets, { authorId: '3', parent: middle });
    const input = { tweetId: globalIdOf(middle) };
    const gone = {
      deleteTweet: { deletedTweetId: globalIdOf(middle), inReplyTo: { replyCount: 0 }, errors: [] },
    };
    expect((await ask(DELETE, { input })).data).toEqual(gone);
    expect((await ask(DELETE, { input })).data).toEqual(gone);

    const { data } = await ask(
      `query ($first: ID!, $middle: ID!, $last: ID!) {
        first: tweet(id: $first) { replies(order: OLDEST) { nodes { __typename id } } }
        middle: tweet(id: $middle) { id }
        last: tweet(id: $last) { inReplyTo { __typename id } ancestors { nodes { __typename id } pageInfo { hasPreviousPage } } }
      }`,
      { first: globalIdOf(first), middle: globalIdOf(middle), last: globalIdOf(last) },
    );
    const tombstone = { __typename: 'TweetTombstone', id: globalIdOf(middle) };
    expect(data).toEqual({
      first: { replies: { nodes: [tombstone] } },
      middle: null,
      last: {
        inReplyTo: tombstone,
        ancestors: {
          nodes: [{ __typename: 'Tweet', id: globalIdOf(first) }, tombstone],
          pageInfo: { hasPreviousPage: false },
        },
      },
    });
  });

  it('lets nobody delete what is another’s', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '2' });
    expect((await ask(DELETE, { input: { tweetId: globalIdOf(tweet) } })).data).toMatchObject({
      deleteTweet: { deletedTweetId: null, errors: [{ __typename: 'ForbiddenError', code: 'FORBIDDEN' }] },
    });
  });

  it('mentions nobody whose account is gone, from that moment on', async () => {
    await stores.admin.query(`INSERT INTO users.username_claims (username, user_id) VALUES ('sven', 70)`);
    const tweet = await aTweet(stores.tweets, { text: 'With @sven' });
    const mentioned = async () =>
      (
        await ask(
          'query ($id: ID!) { tweet(id: $id) { entities { ... on MentionEntity { user { id } } } } }',
          { id: globalIdOf(tweet) },
        )
      ).data;
    expect(await mentioned()).toEqual({ tweet: { entities: [{ user: { id: 'user_70' } }] } });
    await relations(stores.admin).deactivate('70');
    expect(await mentioned()).toEqual({ tweet: { entities: [{ user: null }] } });
  });

  describe('costs as many statements for twenty tweets as for five', () => {
    let tweets: Tweet[];
    beforeAll(async () => {
      const root = await aTweet(stores.tweets, { authorId: '50' });
      tweets = [];
      for (let n = 0; n < 20; n += 1) {
        const tweet = await aTweet(stores.tweets, {
          authorId: '51',
          parent: root,
          text: `Number ${n} #terns`,
        });
        tweets.push(tweet);
        await aTweet(stores.tweets, { authorId: '52', parent: tweet });
        if (n % 4 === 0) await stores.reactions.retweet(tweet, '53');
        await stores.reactions.like(tweet, String(53 + n), new Date());
      }
    });

    it('as entities, with the thread around each', async () => {
      const entities = `query ($of: [_Any!]!) {
        _entities(representations: $of) { ... on Tweet { ${CARD} inReplyTo { id ... on Tweet { ${CARD} } }
          replies(first: 2) { nodes { id ... on Tweet { ${CARD} } } } ancestors(last: 3) { nodes { id } } } }
      }`;
      const of = (count: number) =>
        tweets.slice(0, count).map((tweet) => ({ __typename: 'Tweet', id: globalIdOf(tweet) }));
      const [five, twenty] = [await ask(entities, { of: of(5) }), await ask(entities, { of: of(20) })];
      expect(twenty.codes).toBeUndefined();
      expect(twenty.data?.['_entities']).toHaveLength(20);
      expect(twenty.statements).toBe(five.statements);
    });

    it('as what an account posted', async () => {
      const posted = `query ($of: [_Any!]!, $first: Int!) {
        _entities(representations: $of) { ... on User { tweetCount
          tweets(filter: TWEETS_AND_REPLIES, first: $first) { nodes { ${CARD} } } } }
      }`;
      const of = [{ __typename: 'User', id: 'user_51' }];
      const [five, twenty] = [await ask(posted, { of, first: 5 }), await ask(posted, { of, first: 19 })];
      expect(twenty.data).toMatchObject({ _entities: [{ tweetCount: 20 }] });
      expect(twenty.statements).toBe(five.statements);
    });

    it.each([
      ['User', 'tweets(filter: TWEETS_AND_REPLIES, first: 2)', (n: number) => `user_${50 + n}`],
      ['User', 'likes(first: 2)', (n: number) => `user_${50 + n}`],
      ['Hashtag', 'tweets(first: 2)', (n: number) => `hashtag_terns${n || ''}`],
    ])('as lists of as many: %s.%s', async (__typename, list, idOf) => {
      const lists = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${__typename} { ${list} { nodes { ${CARD} } } } } }`;
      const of = (count: number) => Array.from({ length: count }, (_, n) => ({ __typename, id: idOf(n) }));
      const [five, twenty] = [await ask(lists, { of: of(5) }), await ask(lists, { of: of(20) })];
      expect(twenty.codes).toBeUndefined();
      expect(twenty.data?.['_entities']).toHaveLength(20);
      expect(twenty.statements).toBe(five.statements);
    });

    it('and asks nothing of a viewer who is signed out', async () => {
      const { data } = await ask(
        `query ($id: ID!) { viewer { id } tweet(id: $id) { viewerHasLiked viewerCanDelete } }`,
        { id: tweets[0] && globalIdOf(tweets[0]) },
        null,
      );
      expect(data).toEqual({ viewer: null, tweet: { viewerHasLiked: false, viewerCanDelete: false } });
    });
  });

  it('shows retweets on a profile, with when', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '60' });
    await stores.reactions.retweet(tweet, '61');
    const profile = `query ($of: [_Any!]!) {
      _entities(representations: $of) { ... on User { tweets { edges { node { id } retweetedAt } } } }
    }`;
    const { data } = await ask(profile, {
      of: [
        { __typename: 'User', id: 'user_61' },
        { __typename: 'User', id: 'user_60' },
      ],
    });
    expect(data).toEqual({
      _entities: [
        { tweets: { edges: [{ node: { id: globalIdOf(tweet) }, retweetedAt: expect.any(String) }] } },
        { tweets: { edges: [{ node: { id: globalIdOf(tweet) }, retweetedAt: null }] } },
      ],
    });
  });
});
