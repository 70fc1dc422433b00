import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTweet, type TweetStores } from './tweet-stores.builder.ts';
import { openTweetSubgraph, type AskedSubgraph } from './tweet-subgraph.builder.ts';

const ERRORS = `errors { __typename ... on UserError { code message } }`;
const LIMITED = `errors { __typename ... on UserError { code message } ... on RateLimitedError { retryAfterMs } }`;

describe('a hostile client', () => {
  let subgraph: AskedSubgraph;
  let stores: TweetStores;
  let ask: AskedSubgraph['ask'];
  beforeAll(async () => {
    subgraph = await openTweetSubgraph();
    ({ stores, ask } = subgraph);
  });
  afterAll(() => subgraph.close());

  const entities = (of: object[]) =>
    ask(
      `query ($of: [_Any!]!) { _entities(representations: $of) {
        __typename ... on Tweet { id text likeCount author { id } } ... on User { id tweetCount } ... on Hashtag { id name carried: tweetCount }
      } }`,
      { of },
    );

  it.each([
    ['an id of another kind', { __typename: 'Tweet', id: 'user_1' }],
    ['an id that is none', { __typename: 'Tweet', id: `tweet_1' OR true--` }],
    ['an id beyond 64 bits', { __typename: 'Tweet', id: 'tweet_99999999999999999999' }],
    ['an id with zeros before it', { __typename: 'Tweet', id: 'tweet_01' }],
    ['a tweet as a user', { __typename: 'User', id: 'tweet_1' }],
    ['spaces in a hashtag', { __typename: 'Hashtag', id: 'hashtag_a b' }],
    ['a hashtag in capitals', { __typename: 'Hashtag', id: 'hashtag_Terns' }],
  ])('gets nothing for a reference with %s', async (_, reference) => {
    const { data, codes } = await entities([reference]);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(data?.['_entities'] ?? [null]).toEqual([null]);
  });

  it('gets no reference to what is none: a payload, the query itself', async () => {
    for (const __typename of ['CreateTweetPayload', 'Query', 'TweetTombstone', 'Nothing']) {
      const { data, codes } = await entities([{ __typename, id: 'tweet_1' }]);
      expect(codes).toHaveLength(1);
      expect(data?.['_entities'] ?? [null]).toEqual([null]);
    }
  });

  it('is not believed what a reference says besides its key', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '2' });
    const forged = { text: 'forged', authorId: '1', likeCount: 7, tweetCount: 7, name: 'forged' };
    const { data } = await entities([
      { ...forged, __typename: 'Tweet', id: `tweet_${tweet.id}` },
      { ...forged, __typename: 'User', id: 'user_9' },
      { ...forged, __typename: 'Hashtag', id: 'hashtag_terns' },
    ]);
    expect(data?.['_entities']).toEqual([
      {
        __typename: 'Tweet',
        id: `tweet_${tweet.id}`,
        text: tweet.text,
        likeCount: 0,
        author: { id: 'user_2' },
      },
      { __typename: 'User', id: 'user_9', tweetCount: 0 },
      { __typename: 'Hashtag', id: 'hashtag_terns', name: 'terns', carried: 0 },
    ]);
  });

  it('is told by a code that an id is of another kind, whatever it is to be done to', async () => {
    const changes = [
      ['likeTweet', 'LikeTweetInput'],
      ['unlikeTweet', 'UnlikeTweetInput'],
      ['retweet', 'RetweetInput'],
      ['undoRetweet', 'UndoRetweetInput'],
      ['bookmarkTweet', 'BookmarkTweetInput'],
      ['unbookmarkTweet', 'UnbookmarkTweetInput'],
      ['pinTweet', 'PinTweetInput'],
      ['unpinTweet', 'UnpinTweetInput'],
      ['deleteTweet', 'DeleteTweetInput'],
    ] as const;
    for (const [name, type] of changes) {
      const source = `mutation ($input: ${type}!) { ${name}(input: $input) { ${ERRORS} } }`;
      for (const tweetId of ['user_1', 'hashtag_1', 'request_1', '1', 'tweet_', 'tweet_-1', 'tweet_0', '']) {
        expect((await ask(source, { input: { tweetId } })).codes).toEqual(['BAD_USER_INPUT']);
      }
      expect((await ask(source, { input: { tweetId: 'tweet_1' } }, null)).codes).toEqual(['UNAUTHENTICATED']);
    }
    const source = `mutation ($input: CreateTweetInput!) { createTweet(input: $input) { ${ERRORS} } }`;
    for (const field of ['inReplyToTweetId', 'quotedTweetId']) {
      const input = { text: 'a', idempotencyKey: 'k', [field]: 'user_1' };
      expect((await ask(source, { input })).codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '&lt;b&gt; &amp; "quoted" \'\u2028.',
    '{{constructor}} ${7*7} <%= 1 %>',
    `'); DROP TABLE tweets.entries; --`,
    '[click](javascript:alert(1)) javascript:alert(1) data:text/html,x',
    '\u202eevil.example\u202c @ada\u200b.',
  ])('finds %j again as the text that it is, without a link', async (text) => {
    const tweet = await aTweet(stores.tweets, { text });
    const { data } = await ask(
      `query ($id: ID!) { tweet(id: $id) { text entities { __typename ... on LinkEntity { url } } } }`,
      { id: `tweet_${tweet.id}` },
    );
    expect(data).toMatchObject({ tweet: { text } });
    const { entities: found } = (data as { tweet: { entities: { url?: string }[] } }).tweet;
    for (const { url } of found) if (url !== undefined) expect(url).toMatch(/^https?:\/\//);
  });

  it('does not get past the size of a text, a key or a name by making it enormous', async () => {
    const huge = '@a/'.repeat(300_000);
    const source = `mutation ($input: CreateTweetInput!) { createTweet(input: $input) { ${ERRORS} } }`;
    const { data } = await ask(source, { input: { text: huge, idempotencyKey: huge } });
    expect(data).toMatchObject({
      createTweet: { errors: [{ __typename: 'ValidationError' }, { __typename: 'ValidationError' }] },
    });
    const named = await ask(`query ($name: String!) { hashtag(name: $name) { id } }`, { name: huge });
    expect(named.data).toEqual({ hashtag: null });
  });
});

describe('an account that writes too often', () => {
  let subgraph: AskedSubgraph;
  beforeAll(async () => {
    subgraph = await openTweetSubgraph(0.01);
  });
  afterAll(() => subgraph.close());

  const LIMITS = [
    ['createTweet', 'CreateTweetInput', 3],
    ['editTweet', 'EditTweetInput', 3],
    ['retweet', 'RetweetInput', 6],
    ['likeTweet', 'LikeTweetInput', 10],
    ['bookmarkTweet', 'BookmarkTweetInput', 10],
  ] as const;

  it.each(LIMITS)('is told when to go on with %s, and nobody else is', async (name, type, count) => {
    const { stores, ask } = subgraph;
    const tweet = await aTweet(stores.tweets, { authorId: '2' });
    const source = `mutation ($input: ${type}!) { it: ${name}(input: $input) { tweet { id } ${LIMITED} } }`;
    const once = async (key: number, viewerId: string) => {
      const own = name === 'createTweet' ? { idempotencyKey: String(key) } : { tweetId: `tweet_${tweet.id}` };
      const text = name === 'createTweet' || name === 'editTweet' ? { text: tweet.text } : {};
      return (await ask(source, { input: { ...own, ...text } }, viewerId)).data?.['it'];
    };
    for (let n = 0; n < count; n += 1) expect(await once(n, '2')).toMatchObject({ errors: [] });
    expect(await once(count, '2')).toMatchObject({
      tweet: null,
      errors: [{ __typename: 'RateLimitedError', code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) }],
    });
    expect(JSON.stringify(await once(count, '3'))).not.toContain('RateLimitedError');
    // A post whose answer went missing stands all the same.
    if (name === 'createTweet') expect(await once(0, '2')).toMatchObject({ errors: [] });
  });
});
