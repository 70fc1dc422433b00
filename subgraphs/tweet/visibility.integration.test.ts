import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Id } from '../../platform/ids.ts';
import { aTweet, relations, type TweetStores } from './tweet-stores.builder.ts';
import { openTweetSubgraph, type AskedSubgraph } from './tweet-subgraph.builder.ts';
import type { Tweet } from './tweet.ts';

const idOf = ({ id }: Tweet) => `tweet_${id}`;
const ERRORS = `errors { __typename ... on UserError { code message field } }`;

/*
 * One author, one tweet, and every way to it. `bridge` wrote what stands around it and is seen by all.
 */
describe('who sees what', () => {
  let subgraph: AskedSubgraph;
  let stores: TweetStores;
  let ask: AskedSubgraph['ask'];
  beforeAll(async () => {
    subgraph = await openTweetSubgraph();
    ({ stores, ask } = subgraph);
  });
  afterAll(() => subgraph.close());

  let next = 10;
  let author: Id;
  let bridge: Id;
  let follower: Id;
  let stranger: Id;
  /** Of the author: a tweet, and a reply and a quote to what the bridge wrote. */
  let tweet: Tweet;
  let replyTo: Tweet;
  let quoteOf: Tweet;
  /** Of the bridge: what the author answered and quoted, and what answers and quotes the author. */
  let root: Tweet;
  let below: Tweet;
  let quoting: Tweet;
  let tag: string;

  beforeEach(async () => {
    [author, bridge, follower, stranger] = [next, next + 1, next + 2, next + 3].map(String) as [
      Id,
      Id,
      Id,
      Id,
    ];
    next += 4;
    tag = `tag${author}`;
    const { tweets, reactions, keeping } = stores;
    await relations(stores.admin).follow(follower, author);
    root = await aTweet(tweets, { authorId: bridge });
    tweet = await aTweet(tweets, { authorId: author, text: `Hidden? #${tag}` });
    replyTo = await aTweet(tweets, { authorId: author, parent: root });
    quoteOf = await aTweet(tweets, { authorId: author, quoted: root });
    below = await aTweet(tweets, { authorId: bridge, parent: tweet });
    quoting = await aTweet(tweets, { authorId: bridge, quoted: tweet });
    await reactions.retweet(tweet, bridge);
    await reactions.retweet(root, author);
    await reactions.like(tweet, bridge, new Date());
    await reactions.like(root, author, new Date());
    await keeping.pin(author, tweet.id, new Date());
    for (const userId of [follower, stranger]) await keeping.bookmark(userId, tweet.id, new Date());
  });

  const WAYS = `query ($tweet: ID!, $root: ID!, $below: ID!, $quoting: ID!, $tag: String!, $of: [_Any!]!) {
    tweet(id: $tweet) { text }
    below: tweet(id: $below) { inReplyTo { __typename } ancestors { nodes { __typename } } }
    quoting: tweet(id: $quoting) { quoted { __typename } }
    root: tweet(id: $root) {
      likeCount retweetCount replyCount quoteCount
      ranked: replies { nodes { __typename } } newest: replies(order: NEWEST) { nodes { __typename } }
      quotes { nodes { id } } likedBy { nodes { id } } retweetedBy { nodes { id } }
    }
    hashtag(name: $tag) { tweets { nodes { id } } }
    _entities(representations: $of) {
      ... on Tweet { text }
      ... on User { tweetCount viewerCanSeeTweets pinnedTweet { id } tweets { nodes { id } } likes { nodes { id } } }
    }
  }`;

  /** What a viewer finds on each way to the author's tweet; false where it finds nothing. */
  async function found(viewerId: Id | null, tweetCount: number | null = 4): Promise<Record<string, unknown>> {
    const { data, codes } = await ask(
      WAYS,
      {
        tweet: idOf(tweet),
        root: idOf(root),
        below: idOf(below),
        quoting: idOf(quoting),
        tag,
        of: [
          { __typename: 'Tweet', id: idOf(tweet) },
          { __typename: 'User', id: `user_${author}` },
          { __typename: 'User', id: `user_${bridge}` },
        ],
      },
      viewerId,
    );
    expect(codes).toBeUndefined();
    const at = (...path: (string | number)[]): unknown =>
      path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key] ?? null, data);
    const [entity, profile, other] = [0, 1, 2].map((nth) => ['_entities', nth] as const);
    if (entity === undefined || profile === undefined || other === undefined) throw new Error('no entities');
    const has = (...path: (string | number)[]) =>
      JSON.stringify(at(...path)) !== '[]' && at(...path) !== null;
    const isTweet = (...path: (string | number)[]) => JSON.stringify(at(...path)).includes('"Tweet"');
    // Counts are exact for all, of an account that stands.
    expect(at('root')).toMatchObject({ likeCount: 1, retweetCount: 1, replyCount: 1, quoteCount: 1 });
    expect(at(...profile, 'tweetCount')).toBe(tweetCount);
    return {
      query: has('tweet'),
      reference: has(...entity),
      inReplyTo: isTweet('below', 'inReplyTo'),
      ancestors: isTweet('below', 'ancestors', 'nodes'),
      quoted: isTweet('quoting', 'quoted'),
      ranked: has('root', 'ranked', 'nodes'),
      newest: has('root', 'newest', 'nodes'),
      quotes: has('root', 'quotes', 'nodes'),
      likedBy: has('root', 'likedBy', 'nodes'),
      retweetedBy: has('root', 'retweetedBy', 'nodes'),
      hashtag: has('hashtag', 'tweets', 'nodes'),
      flag: at(...profile, 'viewerCanSeeTweets'),
      pinned: has(...profile, 'pinnedTweet'),
      tweets: at(...profile, 'tweets') !== null,
      likes: at(...profile, 'likes') !== null,
      // Of the bridge, who may be seen: the author's tweet as a retweet and as a like.
      retweeted: JSON.stringify(at(...other, 'tweets')).includes(idOf(tweet)),
      liked: JSON.stringify(at(...other, 'likes')).includes(idOf(tweet)),
    };
  }

  const all = (seen: boolean) =>
    Object.fromEntries(
      [
        'query reference inReplyTo ancestors quoted ranked newest quotes likedBy retweetedBy hashtag flag pinned',
        'tweets likes retweeted liked',
      ]
        .join(' ')
        .split(' ')
        .map((way) => [way, seen]),
    );

  it('an open account is seen by all', async () => {
    for (const viewer of [null, stranger, follower, author]) expect(await found(viewer)).toEqual(all(true));
  });

  it('a protected one by itself and by whom it approved, on no way by others', async () => {
    await relations(stores.admin).protect(author);
    for (const viewer of [null, stranger]) expect(await found(viewer)).toEqual(all(false));
    for (const viewer of [follower, author]) expect(await found(viewer)).toEqual(all(true));
  });

  it('across a block, either way, by nobody, though they follow', async () => {
    await relations(stores.admin).block(author, follower);
    await relations(stores.admin).block(stranger, author);
    for (const viewer of [follower, stranger]) expect(await found(viewer)).toEqual(all(false));
    for (const viewer of [null, author]) expect(await found(viewer)).toEqual(all(true));
  });

  it('a deactivated one by nobody, until it returns', async () => {
    await relations(stores.admin).deactivate(author);
    for (const viewer of [null, stranger, follower]) expect(await found(viewer, null)).toEqual(all(false));
    await stores.admin.query('UPDATE users.users SET deactivated_at = NULL WHERE id = $1', [author]);
    expect(await found(stranger)).toEqual(all(true));
  });

  it('keeps bookmarks for whoever made them, of what they may see', async () => {
    const bookmarks = async (viewerId: Id | null, of = viewerId) => {
      const reference = { __typename: 'Viewer', id: `user_${of}` };
      const { data } = await ask(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Viewer { bookmarks { nodes { id } } } } }`,
        { of: [reference] },
        viewerId,
      );
      return data?.['_entities'];
    };
    const kept = [{ bookmarks: { nodes: [{ id: idOf(tweet) }] } }];
    expect(await bookmarks(stranger)).toEqual(kept);
    // As somebody else, or as nobody, by writing the id into the reference.
    expect(await bookmarks(stranger, follower)).toEqual([null]);
    expect(await bookmarks(null, follower)).toEqual([null]);
    await relations(stores.admin).protect(author);
    expect(await bookmarks(stranger)).toEqual([{ bookmarks: { nodes: [] } }]);
    expect(await bookmarks(follower)).toEqual(kept);
  });

  const CHANGES = {
    likeTweet: 'LikeTweetInput',
    unlikeTweet: 'UnlikeTweetInput',
    retweet: 'RetweetInput',
    undoRetweet: 'UndoRetweetInput',
    bookmarkTweet: 'BookmarkTweetInput',
    unbookmarkTweet: 'UnbookmarkTweetInput',
    pinTweet: 'PinTweetInput',
    unpinTweet: 'UnpinTweetInput',
    editTweet: 'EditTweetInput',
    deleteTweet: 'DeleteTweetInput',
  };

  it('takes nothing done to what may not be seen, in the same words as to what never was', async () => {
    await relations(stores.admin).block(author, stranger);
    const refusal = async (name: string, type: string, tweetId: string) => {
      const input = name === 'editTweet' ? { tweetId, text: 'a' } : { tweetId };
      const source = `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${ERRORS} } }`;
      return (await ask(source, { input }, stranger)).data?.['it'];
    };
    for (const [name, type] of Object.entries(CHANGES)) {
      const hidden = await refusal(name, type, idOf(tweet));
      expect(hidden).toMatchObject({ errors: [{ __typename: 'NotFoundError' }] });
      expect(hidden).toEqual(await refusal(name, type, 'tweet_42'));
    }
    for (const field of ['inReplyToTweetId', 'quotedTweetId']) {
      const answer = async (id: string) =>
        (
          await ask(
            `mutation ($input: CreateTweetInput!) { createTweet(input: $input) { ${ERRORS} } }`,
            { input: { text: 'a', idempotencyKey: `${field} ${id}`, [field]: id } },
            stranger,
          )
        ).data;
      expect(await answer(idOf(tweet))).toEqual(await answer('tweet_42'));
    }
    expect(await stores.cards.countsOf([tweet.id])).toMatchObject([
      { likeCount: 1, replyCount: 1, quoteCount: 1 },
    ]);
  });

  it('decides in the statement that writes, so a block counts that came behind the look', async () => {
    await relations(stores.admin).block(author, stranger);
    expect(await stores.reactions.like(tweet, stranger, new Date())).toBe(false);
    expect(await stores.reactions.retweet(tweet, stranger)).toBe('absent');
    expect(await stores.keeping.bookmark(stranger, tweet.id, new Date())).toBe(false);
    await expect(aTweet(stores.tweets, { authorId: stranger, parent: tweet })).rejects.toThrow('refused');
    await expect(aTweet(stores.tweets, { authorId: stranger, quoted: tweet })).rejects.toThrow('refused');
  });

  it('lets nobody spread what a protected account posts, not even those it approved', async () => {
    await relations(stores.admin).protect(author);
    const { data } = await ask(
      `mutation ($input: RetweetInput!, $quote: CreateTweetInput!) {
        retweet(input: $input) { ${ERRORS} }
        createTweet(input: $quote) { ${ERRORS} }
      }`,
      {
        input: { tweetId: idOf(tweet) },
        quote: { text: 'Look', quotedTweetId: idOf(tweet), idempotencyKey: 'q' },
      },
      follower,
    );
    const forbidden = { errors: [{ __typename: 'ForbiddenError' }] };
    expect(data).toMatchObject({ retweet: forbidden, createTweet: forbidden });
    const flags = await ask(
      `query ($id: ID!) { tweet(id: $id) { viewerCanRetweet } }`,
      { id: idOf(tweet) },
      follower,
    );
    expect(flags.data).toEqual({ tweet: { viewerCanRetweet: false } });
  });

  it('keeps a place for what may not be seen only above what may, and nothing in it tells whose it was', async () => {
    // The author answers itself, which would rank first; somebody who may be seen answered that.
    const continued = await aTweet(stores.tweets, { authorId: author, parent: tweet });
    const shown = await aTweet(stores.tweets, { authorId: bridge, parent: continued });
    const other = await aTweet(stores.tweets, { authorId: bridge, parent: root });
    const hidden = replyTo;
    await aTweet(stores.tweets, { authorId: stranger, parent: hidden });
    await relations(stores.admin).protect(author);
    const { data } = await ask(
      `query ($root: ID!, $shown: ID!) {
        root: tweet(id: $root) { replies { nodes { __typename id } } }
        shown: tweet(id: $shown) { inReplyTo { __typename id } ancestors { nodes { __typename id } } }
      }`,
      { root: idOf(root), shown: idOf(shown) },
      null,
    );
    const stone = (at: Tweet) => ({ __typename: 'TweetTombstone', id: idOf(at) });
    expect(data).toEqual({
      root: { replies: { nodes: [{ __typename: 'Tweet', id: idOf(other) }, stone(hidden)] } },
      shown: { inReplyTo: stone(continued), ancestors: { nodes: [stone(tweet), stone(continued)] } },
    });
  });

  it('costs no statement more for those who are signed in than for those who are not', async () => {
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tweet { text quoted { id } } } }`;
    const of = [tweet, replyTo, quoteOf, below, quoting].map((each) => ({
      __typename: 'Tweet',
      id: idOf(each),
    }));
    expect((await ask(source, { of }, follower)).statements).toBe(
      (await ask(source, { of }, null)).statements,
    );
  });
});
