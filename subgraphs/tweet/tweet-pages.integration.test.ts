import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTweet, relations } from './tweet-stores.builder.ts';
import { openTweetSubgraph, type AskedSubgraph } from './tweet-subgraph.builder.ts';

const VIEWER = '1';
const HIDDEN = '2';

interface Asked {
  tweetId: string;
  first: number;
  after: string | null;
}

describe('lists of several tweets', () => {
  let subgraph: AskedSubgraph;
  let ids: string[];
  beforeAll(async () => {
    subgraph = await openTweetSubgraph();
    const { tweets, reactions, admin } = subgraph.stores;
    await relations(admin).block(HIDDEN, VIEWER);
    ids = [];
    for (const people of [0, 1, 3, 7]) {
      const tweet = await aTweet(tweets, { authorId: '10' });
      ids.push(`tweet_${tweet.id}`);
      // At two moments only, so that ids decide too.
      const at = (n: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, n % 2));
      for (let n = 0; n < people; n += 1) {
        const authorId = n === 1 ? HIDDEN : String(20 + n);
        await reactions.like(tweet, authorId, at(n));
        await reactions.retweet(tweet, authorId);
        await aTweet(tweets, { authorId, quoted: tweet });
      }
    }
  });
  afterAll(() => subgraph.close());

  /** Each page under a name of its own, `p0` for the first, in one operation. */
  const ask = async (list: string, asked: readonly Asked[], node = '') => {
    const pages = asked.map(
      ({ tweetId, first, after }, n) =>
        `p${n}: tweet(id: "${tweetId}") { it: ${list}(first: ${first}, after: ${JSON.stringify(after)}) {
          edges { cursor ${node} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    );
    const { data, codes, statements } = await subgraph.ask(`{ ${pages.join(' ')} }`, {}, VIEWER);
    expect(codes).toBeUndefined();
    const found = (data ?? {}) as Record<string, { it: { edges: { cursor: string }[] } }>;
    return { pages: asked.map((_, n) => found[`p${n}`]?.it), statements };
  };

  /** Every place of every list, and pages of several sizes from it. */
  const everyPage = async (list: string): Promise<Asked[]> => {
    const { pages } = await ask(
      list,
      ids.map((tweetId) => ({ tweetId, first: 100, after: null })),
    );
    expect(pages.map((page) => page?.edges.length)).toEqual([0, 1, 2, 6]);
    return ids.flatMap((tweetId, n) =>
      [null, ...(pages[n]?.edges ?? []).map(({ cursor }) => cursor)].flatMap((after) =>
        [1, 2, 5].map((first) => ({ tweetId, first, after })),
      ),
    );
  };

  it.each([
    ['likedBy', 'likedAt node { id }'],
    ['retweetedBy', 'retweetedAt node { id }'],
    ['quotes', 'node { id }'],
  ])('%s: pages of any cursor and size come together as each alone', async (list, node) => {
    const asked = await everyPage(list);
    const alone = [];
    for (const page of asked) alone.push(...(await ask(list, [page], node)).pages);
    expect((await ask(list, asked, node)).pages).toEqual(alone);
  });

  it.each([
    ['likedBy', 2],
    ['retweetedBy', 2],
    // And the quotes themselves.
    ['quotes', 3],
  ])('%s: takes one statement behind that of the tweets', async (list, statements) => {
    const asked = await everyPage(list);
    expect((await ask(list, asked, 'node { id }')).statements).toBe(statements);
  });
});
