import { badUserInput } from '../../errors.ts';
import { parseGlobalId, rowId } from '../../global-id.ts';
import type { Context } from '../context.ts';
import type { QueryResolvers } from '../schema.generated.ts';
import { claimOf } from '../username.ts';
import { viewerOf } from './viewer.ts';

const MAX_NODES = 100;

export const Query: QueryResolvers = {
  viewer: (_, __, { viewer }) => viewer && viewerOf(viewer),
  node: (_, { id }, context) => nodeOf(id, context),
  nodes: (_, { ids }, context) => {
    if (ids.length > MAX_NODES) throw badUserInput(`At most ${MAX_NODES} ids can be asked for at once.`);
    return Promise.all(ids.map((id) => nodeOf(id, context)));
  },
  user: (_, { id, username }, { loaders, users }) => {
    const byId = typeof id === 'string';
    if (byId === (typeof username === 'string')) throw badUserInput('Give either `id` or `username`.');
    if (byId) return loaders.asked.load(rowId('user', id));
    const claim = claimOf(username ?? '');
    return claim === null ? null : users.byClaim(claim);
  },
  usernameAvailability: (_, { username }, { usernames, viewer }) =>
    usernames.availability(username, viewer?.userId ?? null),
};

/** Tweets, hashtags and requests are looked up where they are kept; a session is shown to its owner only. */
async function nodeOf(text: string, { loaders, sessions, viewer }: Context) {
  const { kind, id } = parseGlobalId(text);
  switch (kind) {
    case 'user': {
      const user = await loaders.asked.load(id);
      return user && { __typename: 'User' as const, ...user };
    }
    case 'session': {
      const own = viewer === null ? [] : await sessions.ofUser(viewer.userId);
      const session = own.find((each) => each.id === id);
      return session === undefined ? null : { __typename: 'Session' as const, ...session };
    }
    case 'tweet':
      return { __typename: 'Tweet' as const, id };
    case 'request':
      return { __typename: 'FollowRequest' as const, id };
    case 'hashtag':
      return { __typename: 'Hashtag' as const, name: id };
  }
}
