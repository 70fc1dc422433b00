import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from './databases.ts';
import { join, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';
import { watch, type Watch } from './watch.ts';

type TweetEvent = { cursor: string } & (
  | {
      __typename: 'TweetCountsChanged';
      tweet: { id: string; likeCount: number; replyCount: number; viewerHasLiked: boolean };
    }
  | { __typename: 'TweetEdited'; tweet: { id: string; text: string; author: { username: string } } }
  | { __typename: 'TweetRemoved'; tweetId: string }
  | { __typename: 'TimelineGap' }
);

type ConversationEvent = { cursor: string } & (
  | {
      __typename: 'ReplyAdded';
      edge: { node: { id: string; inReplyTo: { id: string }; author: { username: string } } };
    }
  | { __typename: 'TweetRemoved'; tweetId: string }
  | { __typename: 'TimelineGap' }
);

const TWEETS = `subscription ($ids: [ID!]!, $after: String) {
  tweet(ids: $ids, after: $after) {
    __typename
    cursor
    ... on TweetCountsChanged { tweet { id likeCount replyCount viewerHasLiked } }
    ... on TweetEdited { tweet { id text author { username } } }
    ... on TweetRemoved { tweetId }
  }
}`;
const CONVERSATION = `subscription ($tweetId: ID!, $after: String) {
  conversation(tweetId: $tweetId, after: $after) {
    __typename
    cursor
    ... on ReplyAdded { edge { cursor node { id ... on Tweet { inReplyTo { id } author { username } } } } }
    ... on TweetRemoved { tweetId }
  }
}`;

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let ada: Person;
let bob: Person;
let cyd: Person;
const watches: Watch<unknown>[] = [];

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
  [ada, bob, cyd] = (await Promise.all(['ada', 'bob', 'cyd'].map((name) => join(supergraph, name)))) as [
    Person,
    Person,
    Person,
  ];
}, 120_000);
afterEach(async () => {
  await Promise.all(watches.splice(0).map((each) => each.close()));
});
afterAll(() => opened.disposeAsync(), 60_000);

const kept = <Event>(opening: Watch<Event>): Watch<Event> => {
  watches.push(opening);
  return opening;
};
const follow = (person: Person | null, ids: string[], after: string | null = null) =>
  kept(watch<TweetEvent>(supergraph.origin, person?.token ?? null, 'tweet', TWEETS, { ids, after }));
const listen = (person: Person | null, tweetId: string, after: string | null) =>
  kept(
    watch<ConversationEvent>(supergraph.origin, person?.token ?? null, 'conversation', CONVERSATION, {
      tweetId,
      after,
    }),
  );
const like = (person: Person, tweetId: string) =>
  person.ask('mutation ($id: ID!) { likeTweet(input: { tweetId: $id }) { errors { __typename } } }', {
    id: tweetId,
  });
const lastOf = (stream: Watch<TweetEvent>) => stream.events.at(-1);

describe('tweets on a screen', () => {
  it('show their counts live, to each viewer with what is theirs', async () => {
    const id = await ada.post('Count me');
    const [his, anyones] = [follow(bob, [id]), follow(null, [id])];
    await until('they begin with what is there', () => his.events.length > 0 && anyones.events.length > 0);
    expect(his.events).toEqual([
      expect.objectContaining({ tweet: { id, likeCount: 0, replyCount: 0, viewerHasLiked: false } }),
    ]);
    await like(bob, id);
    await cyd.post('Counted', { inReplyTo: id });
    const counts = { id, likeCount: 1, replyCount: 1 };
    await until('he sees both', () => {
      expect(lastOf(his)).toMatchObject({ tweet: { ...counts, viewerHasLiked: true } });
      expect(lastOf(anyones)).toMatchObject({ tweet: { ...counts, viewerHasLiked: false } });
      return true;
    });
  });

  it('change their words, go on behind a cursor, and leave when they are deleted', async () => {
    const id = await ada.post('First words');
    const stream = follow(bob, [id]);
    await until('it begins', () => lastOf(stream));
    await ada.ask(
      'mutation ($id: ID!) { editTweet(input: { tweetId: $id, text: "Last words" }) { errors { __typename } } }',
      { id },
    );
    const edited = await until('it is edited', () => stream.events[1]);
    expect(edited).toMatchObject({
      __typename: 'TweetEdited',
      tweet: { id, text: 'Last words', author: { username: ada.username } },
    });
    await stream.close();
    await like(cyd, id);
    const resumed = follow(bob, [id], edited.cursor);
    await until('it goes on', () => resumed.events.length === 1);
    expect(lastOf(resumed)).toMatchObject({ tweet: { likeCount: 1 } });
    await ada.deleteTweet(id);
    await until('it is gone', () => resumed.events.length === 2);
    expect(lastOf(resumed)).toMatchObject({ __typename: 'TweetRemoved', tweetId: id });
  });

  it('leave at once when their author blocks the viewer', async () => {
    const author = await join(supergraph, 'eve');
    const id = await author.post('Not for Bob');
    const stream = follow(bob, [id]);
    await until('it begins', () => lastOf(stream));
    await author.ask('mutation ($id: ID!) { blockUser(input: { userId: $id }) { errors { __typename } } }', {
      id: bob.id,
    });
    await until('it is gone', () => lastOf(stream)?.__typename === 'TweetRemoved');
  });

  it('are at most a hundred, by their own ids and cursors', async () => {
    const id = await ada.post('One of many');
    const many = Array.from({ length: 101 }, (_, at) => `tweet_${at + 1}`);
    for (const [ids, after] of [
      [many, null],
      [[ada.id], null],
      [[id], 'bm90LW91cnM'],
    ] as const) {
      const reason = await follow(bob, [...ids], after).ended;
      expect(JSON.stringify(reason instanceof Error ? reason.message : reason)).toContain('BAD_USER_INPUT');
    }
    const doubled = follow(bob, [id, id]);
    await until('it begins', () => lastOf(doubled));
    expect(doubled.events).toHaveLength(1);
  });

  it('end with the session', async () => {
    const dan = await join(supergraph, 'dan');
    const stream = follow(dan, [await ada.post('Until you leave')]);
    await until('it begins', () => lastOf(stream));
    await dan.ask('mutation { signOut { endedSessionId } }');
    expect(await stream.ended).toMatchObject({ code: 4401 });
  });
});

describe('a conversation on a screen', () => {
  it('grows by what is written from the page on, at any depth, parents first', async () => {
    const root = await ada.post('Speak');
    await bob.post('On the page', { inReplyTo: root });
    // Which is not of whoever reads it.
    await database.replicated();
    const { tweet } = await cyd.ask<{ tweet: { replies: { liveCursor: string; nodes: unknown[] } } }>(
      'query ($id: ID!) { tweet(id: $id) { replies(first: 20) { nodes { id } liveCursor } } }',
      { id: root },
    );
    expect(tweet.replies.nodes).toHaveLength(1);
    const written: string[] = [];
    const write = async (person: Person) => {
      written.push(await person.post('Again', { inReplyTo: written.at(-1) ?? root }));
    };
    await write(bob);
    const stream = listen(cyd, root, tweet.replies.liveCursor);
    await write(ada);
    await write(bob);
    const added = () =>
      stream.events.flatMap((event) => (event.__typename === 'ReplyAdded' ? [event.edge.node] : []));
    await until('all came', () => written.every((id) => added().some((node) => node.id === id)));
    expect(added().filter(({ id }) => written.includes(id))).toEqual(
      written.map((id, at) => ({
        id,
        inReplyTo: { id: written[at - 1] ?? root },
        author: { username: (at === 1 ? ada : bob).username },
      })),
    );
    expect(stream.events.some(({ __typename }) => __typename === 'TimelineGap')).toBe(false);

    await bob.deleteTweet(written[2] ?? '');
    await until('one went', () => stream.events.some((event) => event.__typename === 'TweetRemoved'));
  });
});
