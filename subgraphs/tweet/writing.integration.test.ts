import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TweetEdited } from '../../platform/events/tweet-edited.ts';
import { readEdit } from './edit.ts';
import { aTweet, relations, type TweetStores } from './tweet-stores.builder.ts';
import { openTweetSubgraph, type AskedSubgraph } from './tweet-subgraph.builder.ts';
import type { Tweet } from './tweet.ts';

const idOf = ({ id }: Tweet) => `tweet_${id}`;
const ERRORS = `errors { __typename ... on UserError { code message field } }`;

let subgraph: AskedSubgraph;
let stores: TweetStores;
let ask: AskedSubgraph['ask'];
beforeAll(async () => {
  subgraph = await openTweetSubgraph();
  ({ stores, ask } = subgraph);
  await stores.admin.query(
    `INSERT INTO users.username_claims (username, user_id) VALUES ('u2', 2), ('u3', 3), ('u4', 4)`,
  );
});
afterAll(() => subgraph.close());

let keys = 0;
const create = async (input: Record<string, unknown>, viewerId = '1') =>
  (
    await ask(
      `mutation ($input: CreateTweetInput!) {
        createTweet(input: $input) {
          tweet { id text replyPolicy language quoteCount quoted { __typename id } inReplyTo { id } }
          inReplyTo { replyCount } ${ERRORS}
        }
      }`,
      { input: { text: 'Indeed', idempotencyKey: `w${(keys += 1)}`, ...input } },
      viewerId,
    )
  ).data?.['createTweet'];

describe('a quote', () => {
  it('shows what it quotes below its own words, and is counted and listed there', async () => {
    const quoted = await aTweet(stores.tweets, { authorId: '2' });
    const made = await create({ quotedTweetId: idOf(quoted) });
    expect(made).toMatchObject({ tweet: { quoted: { __typename: 'Tweet', id: idOf(quoted) } }, errors: [] });
    const both = await create({ quotedTweetId: idOf(quoted), inReplyToTweetId: idOf(quoted) });
    expect(both).toMatchObject({ tweet: { inReplyTo: { id: idOf(quoted) } }, inReplyTo: { replyCount: 1 } });
    const counts = `query ($id: ID!) { tweet(id: $id) { quoteCount replyCount quotes { nodes { id } } } }`;
    const { data } = await ask(counts, { id: idOf(quoted) });
    const ids = [both, made].map((payload) => (payload as { tweet: { id: string } }).tweet);
    expect(data).toEqual({
      tweet: { quoteCount: 2, replyCount: 1, quotes: { nodes: ids.map(({ id }) => ({ id })) } },
    });
  });

  it('keeps its own words when what it quoted is gone, and goes down from its count when it goes itself', async () => {
    const quoted = await aTweet(stores.tweets, { authorId: '2' });
    const quote = await aTweet(stores.tweets, { authorId: '1', quoted });
    await stores.tweets.delete(quoted.id, '2', new Date());
    const { data } = await ask(`query ($id: ID!) { tweet(id: $id) { text quoted { __typename id } } }`, {
      id: idOf(quote),
    });
    expect(data).toEqual({
      tweet: { text: quote.text, quoted: { __typename: 'TweetTombstone', id: idOf(quoted) } },
    });
    await stores.tweets.delete(quote.id, '1', new Date());
    expect(await stores.cards.countsOf([quoted.id])).toMatchObject([{ quoteCount: 0 }]);
  });

  it('may not be empty, and is part of what a key stands for', async () => {
    const quoted = await aTweet(stores.tweets, { authorId: '2' });
    expect(await create({ quotedTweetId: idOf(quoted), text: ' ' })).toMatchObject({
      tweet: null,
      errors: [{ __typename: 'ValidationError', field: ['text'] }],
    });
    const first = await create({ quotedTweetId: idOf(quoted), idempotencyKey: 'same' });
    expect(await create({ quotedTweetId: idOf(quoted), idempotencyKey: 'same' })).toEqual(first);
    for (const other of [{}, { quotedTweetId: idOf(quoted), replyPolicy: 'MENTIONED' }]) {
      expect(await create({ ...other, idempotencyKey: 'same' })).toMatchObject({
        errors: [{ __typename: 'IdempotencyConflictError' }],
      });
    }
  });
});

describe('a reply policy', () => {
  // 2 is mentioned, 3 is followed by the author, 4 follows the author.
  it.each([
    ['EVERYONE', { author: true, mentioned: true, followed: true, follower: true }],
    ['FOLLOWING', { author: true, mentioned: true, followed: true, follower: false }],
    ['MENTIONED', { author: true, mentioned: true, followed: false, follower: false }],
  ] as const)('%s is announced and enforced by one rule', async (replyPolicy, expected) => {
    const { follow } = relations(stores.admin);
    await follow('1', '3').catch(() => undefined);
    await follow('4', '1').catch(() => undefined);
    const made = await create({ text: 'Hello @u2', replyPolicy });
    const { id } = (made as { tweet: { id: string } }).tweet;
    for (const [who, viewerId] of Object.entries({
      author: '1',
      mentioned: '2',
      followed: '3',
      follower: '4',
    })) {
      const source = `query ($id: ID!) { tweet(id: $id) { replyPolicy viewerCanReply } }`;
      const announced = (await ask(source, { id }, viewerId)).data?.['tweet'];
      const answer = await create({ inReplyToTweetId: id }, viewerId);
      const may = expected[who as keyof typeof expected];
      expect(announced).toEqual({ replyPolicy, viewerCanReply: may });
      expect(answer).toMatchObject(
        may
          ? { errors: [] }
          : { tweet: null, errors: [{ __typename: 'ForbiddenError', field: ['inReplyToTweetId'] }] },
      );
    }
    const { data } = await ask(`query ($id: ID!) { tweet(id: $id) { viewerCanReply } }`, { id }, null);
    expect(data).toEqual({ tweet: { viewerCanReply: false } });
  });
});

describe('an edit', () => {
  const edit = async (tweet: Tweet, text: string, viewerId = tweet.authorId) =>
    (
      await ask(
        `mutation ($input: EditTweetInput!) {
          editTweet(input: $input) {
            tweet { text editedAt viewerCanEdit entities { __typename } revisions { text entities { __typename } createdAt } } ${ERRORS}
          }
        }`,
        { input: { tweetId: idOf(tweet), text } },
        viewerId,
      )
    ).data?.['editTweet'];
  const posted = (tweet: Tweet, minutesAgo: number) =>
    stores.admin.query(
      `UPDATE tweets.entries SET created_at = now() - make_interval(mins => $2) WHERE id = $1`,
      [tweet.id, minutesAgo],
    );
  const tagged = async (tag: string) => {
    const { data } = await ask(
      `query ($tag: String!) { hashtag(name: $tag) { tweetCount tweets { nodes { id } } } }`,
      {
        tag,
      },
    );
    return data?.['hashtag'];
  };

  it('changes the words, keeps what they were, takes hashtags along and is told', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '20', text: 'The #avocet is back' });
    const answer = await edit(tweet, 'The #bittern and @u2 are back');
    expect(answer).toMatchObject({
      tweet: {
        text: 'The #bittern and @u2 are back',
        viewerCanEdit: true,
        entities: [{ __typename: 'HashtagEntity' }, { __typename: 'MentionEntity' }],
        revisions: [
          {
            text: 'The #avocet is back',
            createdAt: tweet.createdAt.toISOString(),
            entities: [{ __typename: 'HashtagEntity' }],
          },
          { text: 'The #bittern and @u2 are back' },
        ],
      },
      errors: [],
    });
    expect(await tagged('avocet')).toEqual({ tweetCount: 0, tweets: { nodes: [] } });
    expect(await tagged('#Bittern')).toEqual({ tweetCount: 1, tweets: { nodes: [{ id: idOf(tweet) }] } });
    const { rows } = await stores.admin.query<{ payload: Buffer }>(
      `SELECT payload FROM tweets.outbox WHERE name = 'TweetEdited.v1' ORDER BY id DESC LIMIT 1`,
    );
    expect(TweetEdited.decode(rows[0]?.payload ?? Buffer.of())).toMatchObject({
      tweetId: tweet.id,
      conversationId: tweet.conversationId,
    });
  });

  it('that says the same changes nothing, however late', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '20' });
    await posted(tweet, 600);
    expect(await edit(tweet, ` ${tweet.text}\n`)).toMatchObject({
      tweet: { editedAt: null, revisions: [{ text: tweet.text }] },
      errors: [],
    });
  });

  it('that takes hashtags in another order than one at the same time waits for it', async () => {
    const words = (text: string) => {
      const read = readEdit(text);
      if (read.type === 'refused') throw new Error(read.error.message);
      return read.words;
    };
    for (let round = 0; round < 10; round += 1) {
      const tweets = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          aTweet(stores.tweets, { authorId: '1', text: n % 2 === 0 ? '#east' : '#west' }),
        ),
      );
      const edited = await Promise.all(
        tweets.map(({ id, text }) => {
          const turned = text === '#east' ? '#west now' : '#east now';
          return stores.tweets.edit(id, '1', words(turned), new Date());
        }),
      );
      expect(new Set(edited)).toEqual(new Set(['edited']));
    }
  });

  it('is taken five times, also of those who send many at once', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '20' });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => edit(tweet, `Draft ${n}`)));
    const refused = answers.filter((answer) => JSON.stringify(answer).includes('ForbiddenError'));
    expect(refused).toHaveLength(3);
    const { data } = await ask(
      `query ($id: ID!) { tweet(id: $id) { viewerCanEdit revisions { text } } }`,
      { id: idOf(tweet) },
      '20',
    );
    expect(data).toMatchObject({ tweet: { viewerCanEdit: false, revisions: { length: 6 } } });
  });

  it('is refused after half an hour, to others, of what is too long, and of what is gone', async () => {
    const tweet = await aTweet(stores.tweets, { authorId: '20' });
    const refusal = (__typename: string) => ({ tweet: null, errors: [{ __typename }] });
    expect(await edit(tweet, 'Mine', '21')).toMatchObject(refusal('ForbiddenError'));
    expect(await edit(tweet, 'a'.repeat(281))).toMatchObject(refusal('ValidationError'));
    await posted(tweet, 31);
    expect(await edit(tweet, 'Late')).toMatchObject(refusal('ForbiddenError'));
    await stores.tweets.delete(tweet.id, '20', new Date());
    expect(await edit(tweet, 'Gone')).toMatchObject(refusal('NotFoundError'));
    const { rowCount } = await stores.admin.query('SELECT FROM tweets.revisions WHERE tweet_id = $1', [
      tweet.id,
    ]);
    expect(rowCount).toBe(0);
  });

  it('guesses the language again, unless its author had said it', async () => {
    const german = 'Die Seeschwalben sind wieder auf dem Dach';
    const language = async (given: Record<string, unknown>) => {
      const made = await create({ text: 'The terns are back on the roof again', ...given });
      const { id } = (made as { tweet: { id: string } }).tweet;
      const { data } = await ask(
        `mutation ($input: EditTweetInput!) { editTweet(input: $input) { tweet { language } } }`,
        { input: { tweetId: id, text: german } },
      );
      return data?.['editTweet'];
    };
    expect(await language({})).toEqual({ tweet: { language: 'de' } });
    expect(await language({ language: 'nds' })).toEqual({ tweet: { language: 'nds' } });
  });
});

describe('a pin', () => {
  const pinned = async () => {
    const { data } = await ask(
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { pinnedTweet { id } } } }`,
      {
        of: [{ __typename: 'User', id: 'user_1' }],
      },
    );
    const [profile] = (data?.['_entities'] ?? []) as { pinnedTweet: unknown }[];
    return profile?.pinnedTweet;
  };
  const change = async (name: 'pin' | 'unpin', tweet: Tweet) => {
    const type = name === 'pin' ? 'PinTweetInput' : 'UnpinTweetInput';
    const source = `mutation ($input: ${type}!) { it: ${name}Tweet(input: $input) { user { pinnedTweet { id } } ${ERRORS} } }`;
    return (await ask(source, { input: { tweetId: idOf(tweet) } })).data?.['it'];
  };

  it('takes the place of the one before, and goes with its tweet', async () => {
    const [a, b] = [await aTweet(stores.tweets), await aTweet(stores.tweets)];
    await change('pin', a);
    expect(await change('pin', b)).toEqual({ user: { pinnedTweet: { id: idOf(b) } }, errors: [] });
    expect(await change('unpin', a)).toEqual({ user: { pinnedTweet: { id: idOf(b) } }, errors: [] });
    await stores.tweets.delete(b.id, '1', new Date());
    expect(await pinned()).toBeNull();
    await change('pin', a);
    expect(await change('unpin', a)).toEqual({ user: { pinnedTweet: null }, errors: [] });
  });

  it('is for a tweet of one’s own', async () => {
    const other = await aTweet(stores.tweets, { authorId: '2' });
    expect(await change('pin', other)).toMatchObject({
      user: null,
      errors: [{ __typename: 'ForbiddenError' }],
    });
  });
});
