import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTweet, relations, type TweetStores } from './tweet-stores.builder.ts';
import { openTweetSubgraph, type AskedSubgraph } from './tweet-subgraph.builder.ts';
import type { Tweet } from './tweet.ts';

const idOf = ({ id }: Tweet) => `tweet_${id}`;

let subgraph: AskedSubgraph;
let stores: TweetStores;
let ask: AskedSubgraph['ask'];
beforeAll(async () => {
  subgraph = await openTweetSubgraph();
  ({ stores, ask } = subgraph);
});
afterAll(() => subgraph.close());

interface Listed {
  edges: { cursor: string; node: { id: string } | null }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const PAGE = `{ edges { cursor node { id } } pageInfo { hasNextPage endCursor } }`;

/** Where each list is: the operation, with `$first` and `$after`, and the way to it in the answer. */
const lists = {
  replies: `tweet(id: $id) { it: replies(first: $first, after: $after) ${PAGE} }`,
  newest: `tweet(id: $id) { it: replies(order: NEWEST, first: $first, after: $after) ${PAGE} }`,
  oldest: `tweet(id: $id) { it: replies(order: OLDEST, first: $first, after: $after) ${PAGE} }`,
  quotes: `tweet(id: $id) { it: quotes(first: $first, after: $after) ${PAGE} }`,
  likedBy: `tweet(id: $id) { it: likedBy(first: $first, after: $after) ${PAGE} }`,
  retweetedBy: `tweet(id: $id) { it: retweetedBy(first: $first, after: $after) ${PAGE} }`,
  hashtag: `hashtag(name: $id) { it: tweets(first: $first, after: $after) ${PAGE} }`,
  tweets: `_entities(representations: [{ __typename: "User", id: $id }]) { ... on User { it: tweets(first: $first, after: $after) ${PAGE} } }`,
  likes: `_entities(representations: [{ __typename: "User", id: $id }]) { ... on User { it: likes(first: $first, after: $after) ${PAGE} } }`,
  bookmarks: `_entities(representations: [{ __typename: "Viewer", id: $id }]) { ... on Viewer { it: bookmarks(first: $first, after: $after) ${PAGE} } }`,
};

type ListName = keyof typeof lists;

async function page(
  name: ListName,
  id: string,
  given: { first?: number; after?: string | null },
  viewerId = '1',
) {
  const type = name === 'hashtag' ? 'String!' : 'ID!';
  const source =
    name === 'tweets' || name === 'likes' || name === 'bookmarks'
      ? `query ($of: [_Any!]!, $first: Int!, $after: String) { ${lists[name].replace(/\[\{.*?\}\]/, '$$of')} }`
      : `query ($id: ${type}, $first: Int!, $after: String) { ${lists[name]} }`;
  const __typename = name === 'bookmarks' ? 'Viewer' : 'User';
  const { data, codes } = await ask(source, { first: 20, id, of: [{ __typename, id }], ...given }, viewerId);
  const holder = Object.values(data ?? {})[0];
  const { it: found = null } = ((Array.isArray(holder) ? holder[0] : holder) ?? {}) as { it?: Listed | null };
  return { found, codes };
}

/** All of a list, two at a time. */
async function whole(name: ListName, id: string, viewerId = '1'): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const { found, codes } = await page(name, id, { first: 2, after }, viewerId);
    expect(codes).toBeUndefined();
    ids.push(...(found?.edges ?? []).map(({ node }) => node?.id ?? 'null'));
    if (found?.pageInfo.hasNextPage !== true) return ids;
    after = found.pageInfo.endCursor;
  }
}

describe('every list', () => {
  let tweet: Tweet;
  let expected: Record<ListName, string[]>;
  beforeAll(async () => {
    const { tweets, reactions, keeping } = stores;
    tweet = await aTweet(tweets, { authorId: '30' });
    const people = ['31', '32', '33', '34', '35'];
    const replies = [];
    const quotes = [];
    for (const authorId of people) replies.push(await aTweet(tweets, { authorId, parent: tweet }));
    for (const authorId of people) {
      quotes.push(await aTweet(tweets, { authorId, quoted: tweet, text: `One of five #fives` }));
    }
    const own = [];
    // Two at the same moment: the id decides.
    const moments = [1, 2, 2, 3, 4].map((second) => new Date(Date.UTC(2026, 10, 1, 0, 0, second)));
    for (const [nth, at] of moments.entries()) {
      await reactions.like(tweet, people[nth] ?? '', at);
      await reactions.retweet(tweet, people[nth] ?? '');
      const made = await aTweet(tweets, { authorId: '36' });
      own.push(made);
      await reactions.like(made, '36', at);
      await keeping.bookmark('36', made.id, at);
    }
    const newest = (of: Tweet[]) => of.map(idOf).toReversed();
    const byPeople = people.map((id) => `user_${id}`).toReversed();
    expected = {
      replies: newest(replies),
      newest: newest(replies),
      oldest: replies.map(idOf),
      quotes: newest(quotes),
      likedBy: byPeople,
      retweetedBy: byPeople,
      hashtag: newest(quotes),
      tweets: newest(own),
      likes: newest(own),
      bookmarks: newest(own),
    };
  });

  const idIn = (name: ListName) =>
    name === 'hashtag' ? '#Fives' : ['tweets', 'likes', 'bookmarks'].includes(name) ? 'user_36' : idOf(tweet);
  const viewerOf = (name: ListName) => (name === 'bookmarks' ? '36' : '1');
  const names = Object.keys(lists) as ListName[];

  it.each(names)('%s is paged to its end, each once', async (name) => {
    expect(await whole(name, idIn(name), viewerOf(name))).toEqual(expected[name]);
  });

  it.each(names)('%s takes no cursor but its own', async (name) => {
    const own = await page(name, idIn(name), { first: 1 }, viewerOf(name));
    const cursor = own.found?.pageInfo.endCursor ?? '';
    const [list = '', ...key] = Buffer.from(cursor, 'base64url').toString().split(' ');
    const tampered = [
      [`${list}0`, ...key],
      [list],
      [list, 'x', ...key.slice(1)],
      [list, ...key.slice(0, -1), '-1'],
      [list, ...key.slice(0, -1), `1' OR true--`],
      [list, ...key.slice(0, -1), '9'.repeat(19)],
      [list, ...key.slice(0, -1), '1e3'],
    ].map((parts) => Buffer.from(parts.join(' ')).toString('base64url'));
    for (const after of ['', 'x', '🐦', ...tampered]) {
      expect((await page(name, idIn(name), { after }, viewerOf(name))).codes).toEqual(['BAD_USER_INPUT']);
    }
    // Made up, and in form: no more than a place in the same list, beyond its ends or within it.
    for (const made of ['0', '1', String(2n ** 63n - 1n)]) {
      const after = Buffer.from([list, ...key.map(() => made)].join(' ')).toString('base64url');
      const { found, codes } = await page(name, idIn(name), { after }, viewerOf(name));
      expect(codes).toBeUndefined();
      for (const { node } of found?.edges ?? []) expect(expected[name]).toContain(node?.id);
    }
    // With a part too few or too many.
    for (const parts of [key.slice(1), [...key, '1']]) {
      const after = Buffer.from([list, ...parts].join(' ')).toString('base64url');
      const { found } = await page(name, idIn(name), { after }, viewerOf(name));
      for (const { node } of found?.edges ?? []) expect(expected[name]).toContain(node?.id);
    }
  });
});

describe('ranked replies', () => {
  it('are the author’s own, then those of people the viewer follows, then by likes and replies, newer first', async () => {
    const { tweets, reactions } = stores;
    const parent = await aTweet(tweets, { authorId: '40' });
    const reply = (authorId: string) => aTweet(tweets, { authorId, parent });
    const plain = await reply('41');
    const liked = await reply('42');
    const answered = await reply('43');
    const followed = await reply('44');
    const own = await reply('40');
    const newer = await reply('45');
    await Promise.all(['50', '51', '52'].map((userId) => reactions.like(liked, userId, new Date())));
    await aTweet(tweets, { authorId: '46', parent: answered });
    await relations(stores.admin).follow('47', '44');
    const ranked = (viewerId: string) => whole('replies', idOf(parent), viewerId);
    const others = [liked, answered, newer, plain].map(idOf);
    expect(await ranked('47')).toEqual([own, followed].map(idOf).concat(others));
    expect(await ranked('48')).toEqual([idOf(own), ...[liked, answered, newer, followed, plain].map(idOf)]);
  });

  it('go on where a cursor stood, though likes have come in since', async () => {
    const { tweets, reactions } = stores;
    const parent = await aTweet(tweets, { authorId: '60' });
    const replies = [];
    for (let n = 0; n < 6; n += 1) replies.push(await aTweet(tweets, { authorId: '61', parent }));
    const first = await page('replies', idOf(parent), { first: 3 });
    const shown = (first.found?.edges ?? []).map(({ node }) => node?.id);
    // The last one shown rises to the top; the place where it stood still says where to go on.
    const last = replies[3];
    if (last !== undefined) await reactions.like(last, '62', new Date());
    const rest = await page('replies', idOf(parent), {
      first: 20,
      after: first.found?.pageInfo.endCursor ?? null,
    });
    const further = (rest.found?.edges ?? []).map(({ node }) => node?.id);
    expect([...shown, ...further]).toEqual(replies.map(idOf).toReversed());
  });
});

describe('ancestors', () => {
  it('lead to no other thread, whatever a cursor says', async () => {
    const foreign = await aTweet(stores.tweets, { authorId: '70' });
    const foreignReply = await aTweet(stores.tweets, { authorId: '70', parent: foreign });
    const parent = await aTweet(stores.tweets, { authorId: '71' });
    const reply = await aTweet(stores.tweets, { authorId: '71', parent });
    const before = Buffer.from(`ancestors-${reply.id} ${foreignReply.id}`).toString('base64url');
    const { data } = await ask(
      `query ($id: ID!, $before: String) { tweet(id: $id) { ancestors(last: 5, before: $before) { nodes { id } } } }`,
      { id: idOf(reply), before },
    );
    expect(data).toEqual({ tweet: { ancestors: { nodes: [] } } });
  });
});

describe('a hashtag', () => {
  const count = async (name: string) =>
    (await ask(`query ($name: String!) { hashtag(name: $name) { id name url tweetCount } }`, { name }))
      .data?.['hashtag'];

  it('is one in any case and with or without its sign, counts each tweet once, and says where its page is', async () => {
    await aTweet(stores.tweets, { authorId: '80', text: '#TernWatch #ternwatch #TERNWATCH' });
    for (const name of ['ternwatch', '#TernWatch', '＃TERNWATCH']) {
      expect(await count(name)).toEqual({
        id: 'hashtag_ternwatch',
        name: 'ternwatch',
        url: 'https://roost.example/hashtags/ternwatch',
        tweetCount: 1,
      });
    }
  });

  it.each(['', '#', '123', 'two words', 'a#b', `a'b`, '@ada', 'a'.repeat(100_000), '\0', '\ud83d'])(
    'is not named %j',
    async (name) => {
      expect(await count(name)).toBeNull();
    },
  );

  it('counts tweets of accounts that are open at that moment, and of nobody else', async () => {
    const { protect, deactivate } = relations(stores.admin);
    for (const authorId of ['81', '82', '83']) {
      await aTweet(stores.tweets, { authorId, text: 'One #counted' });
      await aTweet(stores.tweets, { authorId, text: 'Two #counted' });
    }
    await protect('81');
    await deactivate('82');
    expect(await count('counted')).toMatchObject({ tweetCount: 2 });
    await protect('81', false);
    expect(await count('counted')).toMatchObject({ tweetCount: 4 });
  });

  it('has a name of any script, in its cursors too', async () => {
    for (let n = 0; n < 3; n += 1)
      await aTweet(stores.tweets, { authorId: '84', text: `Nr. ${n} #日本の鳥` });
    expect(await whole('hashtag', '日本の鳥')).toHaveLength(3);
  });
});
