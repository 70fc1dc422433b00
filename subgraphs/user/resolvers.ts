import { badUserInput } from '../errors.ts';
import { globalId, parseGlobalId, rowId } from '../global-id.ts';
import { DateTime, URLScalar } from '../scalars.ts';
import { requireViewer, type Viewer } from '../viewer.ts';
import type { Context } from './context.ts';
import type { Resolvers } from './schema.generated.ts';
import type { Session } from './session.ts';
import { claimOf, composeProfile, type BioEntity } from './user.ts';

export const resolvers: Resolvers = {
  DateTime,
  URL: URLScalar,
  Query: {
    viewer: (_, __, { viewer }) => viewer && viewerOf(viewer),
    node: (_, { id }, context) => nodeOf(id, context),
    nodes: (_, { ids }, context) => {
      if (ids.length > MAX_NODES) throw badUserInput(`At most ${MAX_NODES} ids can be asked for at once.`);
      return Promise.all(ids.map((id) => nodeOf(id, context)));
    },
    user: (_, { id, username }, { loaders, users, caller }) => {
      const byId = typeof id === 'string';
      if (byId === (typeof username === 'string')) throw badUserInput('Give either `id` or `username`.');
      if (byId) return loaders.users.load(rowId('user', id));
      const claim = claimOf(username ?? '');
      return claim === null ? null : users.byClaim(claim, caller);
    },
  },
  Mutation: {
    signUp: async (_, { input }, context) => {
      const entry = await context.signingIn.signUp(input, context.caller);
      if (entry.type === 'refused')
        return { viewer: null, session: null, tokens: null, errors: entry.errors };
      return { ...(await enter(entry, input.wantsToken === true, context)), errors: [] };
    },
    signIn: async (_, { input }, context) => {
      const entry = await context.signingIn.signIn(input, context.caller);
      if (entry.type === 'refused')
        return { viewer: null, session: null, tokens: null, errors: entry.errors };
      return { ...(await enter(entry, input.wantsToken === true, context)), errors: [] };
    },
    signOut: async (_, __, context) => {
      context.setSessionCookie(null);
      const { viewer } = context;
      if (viewer === null) return { endedSessionId: null };
      await context.sessions.end(viewer.sessionId);
      context.viewer = null;
      return { endedSessionId: globalId('session', viewer.sessionId) };
    },
    refreshSession: async (_, { input }, { viewer, caller, sessions }) => {
      if (typeof input.refreshToken === 'string') {
        if (!input.wantsToken)
          throw badUserInput('Give `wantsToken: true` with a refresh token: it is used up.');
        const refreshed = await sessions.refresh(input.refreshToken, caller.address);
        return refreshed === null ? SESSION_ENDED : { ...refreshed, errors: [] };
      }
      const session = viewer && (await sessions.use(viewer.sessionId, caller.address));
      if (session === null) return SESSION_ENDED;
      const tokens = input.wantsToken ? await sessions.issueTokens(session) : null;
      return { session, tokens, errors: [] };
    },
    updateProfile: async (_, { input }, { viewer, users, loaders }) => {
      const { userId } = requireViewer(viewer);
      const before = await loaders.users.load(userId);
      const draft = composeProfile(input, before?.username ?? '');
      if (draft.type === 'refused') return { user: null, errors: draft.errors };
      const user = await users.updateProfile(userId, draft.changes);
      loaders.users.clear(userId).prime(userId, user);
      return { user, errors: [] };
    },
  },
  User: {
    __resolveReference: ({ id }, { loaders }) => loaders.users.load(rowId('user', id)),
    id: ({ id }) => globalId('user', id),
    bioEntities: ({ bioEntities }) => bioEntities,
    url: ({ username }, _, { publicUrl }) => `${publicUrl}/@${username}`,
    avatarUrl: ({ id }, { size }, { publicUrl }) => {
      if (size < 16 || size > 512) throw badUserInput('`size` goes from 16 to 512.');
      // Drawn in vectors, so that one address does for every size.
      return `${publicUrl}/avatars/${id}.svg`;
    },
    isViewer: ({ id }, _, { viewer }) => id === viewer?.userId,
  },
  Viewer: {
    __resolveReference: ({ id }, { viewer }) =>
      viewer !== null && rowId('user', id) === viewer.userId ? viewerOf(viewer) : null,
    id: ({ id }) => globalId('user', id),
    user: ({ id }, _, { loaders }) => loaders.users.load(id),
    account: ({ id }, _, { users }) => users.account(id),
    sessions: async ({ id: userId, sessionId }, _, { sessions }) => {
      const all = await sessions.ofUser(userId);
      return [...all.filter(({ id }) => id === sessionId), ...all.filter(({ id }) => id !== sessionId)];
    },
  },
  Session: {
    id: ({ id }) => globalId('session', id),
    isCurrent: ({ id }, _, { viewer }) => id === viewer?.sessionId,
  },
  Tweet: { id: ({ id }) => globalId('tweet', id) },
  Hashtag: { id: ({ name }) => globalId('hashtag', name) },
  MentionEntity: { user: ({ userId }, _, { loaders }) => loaders.users.load(userId) },
  HashtagEntity: { hashtag: ({ tag }) => ({ name: tag }) },
  TextEntity: { __resolveType: ({ type }: BioEntity) => ENTITY_TYPES[type] },
};

const MAX_NODES = 100;

const ENTITY_TYPES = { mention: 'MentionEntity', hashtag: 'HashtagEntity', link: 'LinkEntity' } as const;

const SESSION_ENDED = {
  session: null,
  tokens: null,
  errors: [
    {
      __typename: 'SessionEndedError' as const,
      code: 'UNAUTHENTICATED' as const,
      message: 'This session has ended. Sign in again.',
      field: null,
    },
  ],
};

const viewerOf = ({ userId, sessionId }: Viewer) => ({ id: userId, sessionId });

/** Makes who has just signed in the viewer of the rest of the operation. */
async function enter(
  { session, secret }: { session: Session; secret: string },
  wantsToken: boolean,
  context: Context,
) {
  const tokens = wantsToken ? await context.sessions.issueTokens(session) : null;
  context.setSessionCookie(secret);
  context.viewer = { userId: session.userId, sessionId: session.id };
  return { viewer: viewerOf(context.viewer), session, tokens };
}

/** Tweets, hashtags and requests are looked up where they are kept; a session is shown to its owner only. */
async function nodeOf(text: string, { loaders, sessions, viewer }: Context) {
  const { kind, id } = parseGlobalId(text);
  switch (kind) {
    case 'user': {
      const user = await loaders.users.load(id);
      return user && { __typename: 'User' as const, ...user };
    }
    case 'session': {
      const own = viewer === null ? [] : await sessions.ofUser(viewer.userId);
      const session = own.find((each) => each.id === id);
      return session === undefined ? null : { __typename: 'Session' as const, ...session };
    }
    case 'tweet':
      return { __typename: 'Tweet' as const, id };
    case 'hashtag':
      return { __typename: 'Hashtag' as const, name: id };
    case 'request':
      return { __typename: 'FollowRequest' as const, id: text };
  }
}
