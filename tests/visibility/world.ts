import { randomUUID } from 'node:crypto';
import { join, PASSWORD, type Person } from '../person.ts';
import type { TestSupergraph } from '../supergraph.ts';

/** Three authors: an open account, a protected one, and one that was deactivated when all was done. */
const AUTHORS = ['olive', 'prue', 'dee'] as const;
/** What the others are to each author. Nell follows everybody and is kept from nobody: what she gets is all there is. */
const OTHERS = ['nell', 'stranger', 'follower', 'applicant', 'muter', 'muted', 'blocker', 'blocked'] as const;

export type Author = (typeof AUTHORS)[number];
export type Name = Author | (typeof OTHERS)[number];
/** Who asks; null is signed out. */
export type Viewer = Name | null;

export const VIEWERS: Viewer[] = ['nell', null, 'olive', 'prue', ...OTHERS.slice(1)];

/** Everything that was done in it, and who may therefore see what. */
export interface World {
  people: Record<Name, Person>;
  /** By global id. */
  names: Map<string, Name>;
  /** The author of every tweet, by the tweet's id. */
  authors: Map<string, Name>;
  /** One of each kind for each author. */
  tweets: Record<Author, AuthorsTweets>;
  /** Of Nell, liked, retweeted, answered and quoted by each author. */
  nells: string;
  /** Of the applicant to the protected account. */
  requestId: string;
  tokenOf(viewer: Viewer): string | undefined;
  /** Whether an account stands. */
  stands(name: Name): boolean;
  /** Whether a block is between them. */
  apart(viewer: Viewer, name: Name): boolean;
  /** Whether the viewer is shown what the account posts and likes, and whom it follows. */
  sees(viewer: Viewer, name: Name): boolean;
  /** Whether the viewer may have what an id stands for. */
  mayHave(viewer: Viewer, id: string): boolean;
  /** What a yes or no, or a thing that is there or not, between a viewer and an object has to be. */
  flags: Record<string, (viewer: Viewer, id: string) => boolean>;
}

interface AuthorsTweets {
  first: string;
  /** Below the first, of the same author. */
  own: string;
  /** Below the first, by Nell; and below that, of the author again. */
  nellsReply: string;
  deep: string;
  /** Nell's, which shows the first. */
  nellsQuote: string;
  /** Below Nell's tweet, and showing it. */
  toNell: string;
  ofNell: string;
}

/** A mutation of one field. Rejects when it is refused. */
export async function change<Payload>(
  person: Person,
  field: string,
  input: object,
  fields = '__typename',
): Promise<Payload> {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const data = await person.ask<Record<string, Payload & { errors: { message: string }[] }>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} errors { ... on UserError { message } } } }`,
    { input },
  );
  const payload = data[field];
  if (payload === undefined || payload.errors.length > 0)
    throw new Error(`${person.username} was refused ${field}: ${JSON.stringify(payload)}`);
  return payload;
}

export async function createWorld(supergraph: TestSupergraph): Promise<World> {
  const names = [...AUTHORS, ...OTHERS];
  const joined = await Promise.all(names.map((name) => join(supergraph, name)));
  const people = Object.fromEntries(names.map((name, at) => [name, joined[at]])) as Record<Name, Person>;
  const authors = new Map<string, Name>();
  const done = new Set<string>();
  const did = (who: Viewer, what: string, to: string) => done.has(`${who} ${what} ${to}`);

  async function post(name: Name, text: string, more: object = {}): Promise<string> {
    const { tweet } = await change<{ tweet: { id: string } }>(
      people[name],
      'createTweet',
      { text, idempotencyKey: randomUUID(), ...more },
      'tweet { id }',
    );
    authors.set(tweet.id, name);
    return tweet.id;
  }
  /** Does it, and notes that it was done. */
  async function act(name: Name, field: string, to: string): Promise<void> {
    await change(people[name], field, field.endsWith('User') ? { userId: to } : { tweetId: to });
    done.add(`${name} ${field} ${to}`);
  }

  const nells = await post('nell', 'Terns over the pier #visibility');
  const tweets = {} as World['tweets'];
  for (const author of AUTHORS) {
    const { username } = people.nell;
    const text = `The first of ${author} for @${username} #visibility https://example.org/terns`;
    const first = await post(author, text);
    const [own, nellsReply, nellsQuote] = await Promise.all([
      post(author, `More of ${author}`, { inReplyToTweetId: first }),
      post('nell', `Below ${author}`, { inReplyToTweetId: first }),
      post('nell', `Look at ${author}`, { quotedTweetId: first }),
    ]);
    const [deep, toNell, ofNell] = await Promise.all([
      post(author, `Deep below ${author}`, { inReplyToTweetId: nellsReply }),
      post(author, `${author} to Nell`, { inReplyToTweetId: nells }),
      post(author, `${author} of Nell`, { quotedTweetId: nells }),
    ]);
    tweets[author] = { first, own, nellsReply, deep, nellsQuote, toNell, ofNell };
    await Promise.all([act(author, 'likeTweet', nells), act(author, 'retweet', nells)]);
    await change(people[author], 'editTweet', { tweetId: first, text: `${text} indeed` });
    await change(people[author], 'pinTweet', { tweetId: first });
    const bio = `Says ${author} to @${username} under #visibility at https://example.org/terns`;
    await change(people[author], 'updateProfile', { bio });
    // While it was open: what they did then is theirs, and no way back to it.
    for (const name of ['nell', 'stranger', 'follower', 'blocker', 'blocked'] as const) {
      await Promise.all([act(name, 'likeTweet', first), act(name, 'bookmarkTweet', first)]);
      if (name === 'nell' || name === 'follower') await act(name, 'retweet', first);
    }
  }

  for (const name of OTHERS) if (name !== 'nell') await act(name, 'followUser', people.nell.id);
  for (const author of AUTHORS) {
    const { id } = people[author];
    for (const name of ['nell', 'follower', 'muter', 'muted', 'blocker', 'blocked'] as const)
      await act(name, 'followUser', id);
    for (const other of AUTHORS) if (other !== author) await act(author, 'followUser', people[other].id);
    for (const name of ['nell', 'follower', 'blocked'] as const)
      await act(author, 'followUser', people[name].id);
  }
  for (const author of AUTHORS) {
    const { id } = people[author];
    await Promise.all([act('muter', 'muteUser', id), act(author, 'muteUser', people.muted.id)]);
    await change(people.muter, 'hideRetweets', { userId: id });
    done.add(`muter hideRetweets ${id}`);
    await Promise.all([act('blocker', 'blockUser', id), act(author, 'blockUser', people.blocked.id)]);
    for (const [a, b] of [
      ['blocker', author],
      [author, 'blocked'],
    ] as const) {
      done.delete(`${a} followUser ${people[b].id}`);
      done.delete(`${b} followUser ${people[a].id}`);
    }
  }
  await change(people.prue, 'setAccountProtection', { isProtected: true });
  const { followRequest } = await change<{ followRequest: { id: string } }>(
    people.applicant,
    'followUser',
    { userId: people.prue.id },
    'followRequest { id }',
  );
  await change(people.dee, 'deactivateAccount', { password: PASSWORD });

  const nameOf = new Map(names.map((name) => [people[name].id, name]));
  const stands = (name: Name) => name !== 'dee';
  const apart = (viewer: Viewer, name: Name) =>
    viewer !== null &&
    (did(viewer, 'blockUser', people[name].id) || did(name, 'blockUser', people[viewer].id));
  const sees = (viewer: Viewer, name: Name) =>
    stands(name) &&
    !apart(viewer, name) &&
    (name !== 'prue' || viewer === name || did(viewer, 'followUser', people.prue.id));

  const idOf = (viewer: Viewer) => (viewer === null ? '' : people[viewer].id);
  const by = (what: string) => (viewer: Viewer, id: string) => did(viewer, what, id);
  const to = (what: string) => (viewer: Viewer, id: string) =>
    did(nameOf.get(id) ?? null, what, idOf(viewer));
  const isAuthor = (viewer: Viewer, id: string) => viewer !== null && authors.get(id) === viewer;

  return {
    people,
    names: nameOf,
    authors,
    tweets,
    nells,
    requestId: followRequest.id,
    tokenOf: (viewer) => (viewer === null ? undefined : people[viewer].token),
    stands,
    apart,
    sees,
    mayHave: (viewer, id) => {
      const [author, person] = [authors.get(id), nameOf.get(id)];
      if (author !== undefined) return sees(viewer, author);
      if (person !== undefined) return stands(person);
      return id !== followRequest.id || viewer === 'applicant' || viewer === 'prue';
    },
    flags: {
      'User.isViewer': (viewer, id) => idOf(viewer) === id,
      'User.viewerIsFollowing': by('followUser'),
      'User.isFollowingViewer': to('followUser'),
      'User.viewerFollowRequest': (viewer, id) => viewer === 'applicant' && id === people.prue.id,
      'User.viewerHasMuted': by('muteUser'),
      'User.viewerHasBlocked': by('blockUser'),
      'User.hasBlockedViewer': to('blockUser'),
      'User.viewerHasHiddenRetweets': by('hideRetweets'),
      'User.viewerCanSeeTweets': (viewer, id) => sees(viewer, nameOf.get(id) ?? 'dee'),
      'Tweet.viewerHasLiked': by('likeTweet'),
      'Tweet.viewerHasRetweeted': by('retweet'),
      'Tweet.viewerHasBookmarked': by('bookmarkTweet'),
      'Tweet.viewerCanReply': (viewer) => viewer !== null,
      'Tweet.viewerCanRetweet': (viewer, id) => viewer !== null && authors.get(id) !== 'prue',
      'Tweet.viewerCanEdit': isAuthor,
      'Tweet.viewerCanDelete': isAuthor,
    },
  };
}
