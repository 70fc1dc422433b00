import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from './databases.ts';
import { definedHome } from './definition.ts';
import type { HomeEdge, HomeStream } from './home-stream.ts';
import { join, type Person } from './person.ts';
import { startSupergraph, type TestSupergraph } from './supergraph.ts';
import { until } from './until.ts';

const opened = new AsyncDisposableStack();
let database: TestDatabase;
let supergraph: TestSupergraph;
let ada: Person;
let bob: Person;
let stranger: Person;
const streams: HomeStream[] = [];

beforeAll(async () => {
  database = opened.adopt(await testDatabase(), (own) => own.drop());
  supergraph = opened.adopt(await startSupergraph(database.env), (own) => own.stop());
}, 120_000);
beforeEach(async () => {
  [ada, bob, stranger] = await Promise.all([
    join(supergraph, 'ada'),
    join(supergraph, 'bob'),
    join(supergraph, 'eve'),
  ]);
});
afterEach(async () => {
  await Promise.all(streams.splice(0).map((stream) => stream.close()));
});
afterAll(() => opened.disposeAsync(), 60_000);

async function watch(person: Person, after?: string): Promise<HomeStream> {
  const stream = await person.watch(after);
  streams.push(stream);
  return stream;
}

const textsOf = (edges: HomeEdge[]) => edges.map(({ node }) => node?.text);
const textsAt = async (person: Person) => textsOf((await person.home()).edges);

/** What `from` posts now is behind all that it did before: once a stream has it, it has the rest. */
async function settled(stream: HomeStream, from: Person): Promise<void> {
  const id = await from.post('now settled');
  await until('the stream has the last tweet', () => stream.added().some(({ node }) => node?.id === id));
}

describe('a tweet', () => {
  it('reaches a follower live, once, with its author from another subgraph', async () => {
    await bob.follow(ada);
    const stream = await watch(bob);
    const id = await ada.post('Hello, Bob');
    await settled(stream, ada);

    const received = stream.events
      .flatMap((event) => (event.__typename === 'HomeTimelineEntriesAdded' ? event.edges : []))
      .filter(({ node }) => node?.id === id);
    expect(received).toEqual([
      {
        cursor: expect.any(String),
        because: { __typename: 'FollowedAuthor', explanation: expect.any(String), path: 'DELIVERED' },
        node: { id, text: 'Hello, Bob', author: { username: ada.username } },
      },
    ]);
    expect((await bob.home()).edges.map(({ cursor }) => cursor)).toEqual(
      stream
        .added()
        .map(({ cursor }) => cursor)
        .toReversed(),
    );
  });

  it('is on its author’s own timeline with the acknowledgement, and on no stranger’s', async () => {
    await ada.post('Mine');
    expect(await textsAt(ada)).toEqual(['Mine']);
    expect(await textsAt(stranger)).toEqual([]);
  });

  it('leaves pages and streams when it is deleted', async () => {
    await bob.follow(ada);
    const stream = await watch(bob);
    const id = await ada.post('Not for long');
    const edge = await until('it came', () => stream.added().find(({ node }) => node?.id === id));

    await ada.deleteTweet(id);
    expect(await textsAt(bob)).toEqual([]);
    expect(await textsAt(ada)).toEqual([]);
    const removal = await until('it went', () =>
      stream.events.find((event) => event.__typename === 'HomeTimelineEntriesRemoved'),
    );
    expect(removal).toMatchObject({ edgeCursors: [edge.cursor], tweetIds: [id] });
  });

  it('that answers a stranger is for those who follow both', async () => {
    await bob.follow(ada);
    const stream = await watch(bob);
    const question = await stranger.post('Is anybody there?');
    await ada.post('I am', { inReplyTo: question });
    await settled(stream, ada);
    expect(textsOf(stream.added())).toEqual(['now settled']);
    expect(await textsAt(bob)).toEqual(['now settled']);

    await bob.follow(stranger);
    expect(await textsAt(bob)).toEqual(['now settled', 'I am', 'Is anybody there?']);
  });

  it('comes by a retweet of somebody followed, and says so', async () => {
    await bob.follow(ada);
    const stream = await watch(bob);
    const id = await stranger.post('Worth repeating');
    await ada.retweet(id);

    const edge = await until('it came', () => stream.added().find(({ node }) => node?.id === id));
    expect(edge).toMatchObject({
      because: { __typename: 'FollowedRetweeter', retweeter: { username: ada.username } },
      node: { author: { username: stranger.username } },
    });
    expect((await bob.home()).edges).toMatchObject([{ cursor: edge.cursor, node: edge.node }]);
  });
});

describe('following', () => {
  it('brings past tweets at once, and tells the stream', async () => {
    await ada.post('Long ago');
    const stream = await watch(bob);
    await bob.follow(ada);
    expect(await textsAt(bob)).toEqual(['Long ago']);
    await until('the stream was told', () =>
      stream.events.some(
        (event) => event.__typename === 'HomeTimelineReset' && event.cause === 'FOLLOWS_CHANGED',
      ),
    );
  });

  it('ends at once, and begins again with all there is', async () => {
    await bob.follow(ada);
    await ada.post('One');
    const stream = await watch(bob);
    await bob.unfollow(ada);
    expect(await textsAt(bob)).toEqual([]);
    await until('the stream was told', () =>
      stream.events.some(({ __typename }) => __typename === 'HomeTimelineReset'),
    );
    await ada.post('Two');
    expect(await textsAt(bob)).toEqual([]);

    await bob.follow(ada);
    expect(await textsAt(bob)).toEqual(['Two', 'One']);
    await settled(stream, ada);
    expect(await textsAt(bob)).toEqual(['now settled', 'Two', 'One']);
  });
});

describe('the home timeline', () => {
  it('pages both ways over the same entries, by its definition', async () => {
    await bob.follow(ada);
    await bob.follow(stranger);
    for (let n = 1; n <= 12; n += 1)
      await (n % 3 === 0 ? stranger : n % 3 === 1 ? ada : bob).post(`No. ${n}`);
    const all = await until('all arrived', async () => {
      const { edges } = await bob.home();
      return edges.length === 12 && edges;
    });
    const cursors = all.map(({ cursor }) => cursor);
    expect(cursors).toEqual(await definedHome(database.adminUrl, bob));
    expect((await bob.wholeHome(5)).map(({ cursor }) => cursor)).toEqual(cursors);

    const [, , third, , , sixth] = cursors;
    const newer = await bob.home({ last: 2, before: sixth ?? null });
    expect(newer.edges).toEqual(all.slice(3, 5));
    expect(newer.pageInfo).toMatchObject({ hasPreviousPage: true });
    const newest = await bob.home({ last: 5, before: third ?? null });
    expect(newest.edges).toEqual(all.slice(0, 2));
    expect(newest.pageInfo).toMatchObject({ hasPreviousPage: false });
    const oldest = await bob.home({ last: 4 });
    expect(oldest.edges).toEqual(all.slice(-4));
  });

  it('tells a stream that resumes what it missed, once, and then goes on live', async () => {
    const before = await watch(bob);
    await bob.follow(ada);
    await until('it was told of the follow', () => before.events.length > 0);
    await ada.post('Before');
    const { cursor } = await until('it came', () =>
      before.events.find((event) => event.__typename === 'HomeTimelineEntriesAdded'),
    );
    await before.close();

    await ada.post('Meanwhile');
    const after = await watch(bob, cursor);
    await until('it was told of what it missed', () => after.added().length > 0);
    await ada.post('Afterwards');
    await settled(after, ada);
    expect(textsOf(after.added())).toEqual(['Meanwhile', 'Afterwards', 'now settled']);
  });

  it('goes on behind the live cursor of a page', async () => {
    await bob.follow(ada);
    const { liveCursor } = await bob.home();
    await ada.post('Between the page and the stream');
    const stream = await watch(bob, liveCursor ?? '');
    await settled(stream, ada);
    expect(textsOf(stream.added())).toEqual(['Between the page and the stream', 'now settled']);
  });
});
