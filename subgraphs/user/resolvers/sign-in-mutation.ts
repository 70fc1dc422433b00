import { badUserInput, notFound } from '../../errors.ts';
import { globalId, rowId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import type { Session, SessionSecrets } from '../session.ts';
import { viewerOf } from './viewer.ts';

/** Getting in and out, by password, by mail, and by what one has of a session. */
export const SignInMutation: MutationResolvers = {
  signUp: async (_, { input }, context) => {
    const entry = await context.signingIn.signUp(input, context.caller);
    if (entry.type === 'refused') return { viewer: null, session: null, tokens: null, errors: entry.errors };
    return { ...(await enter(entry, context)), errors: [] };
  },
  signIn: async (_, { input }, context) => {
    const entry = await context.signingIn.signIn(input, context.caller);
    if (entry.type === 'refused')
      return { viewer: null, session: null, tokens: null, wasReactivated: false, errors: entry.errors };
    const { wasReactivated } = entry;
    return { ...(await enter(entry, context)), wasReactivated, errors: [] };
  },
  signOut: async (_, __, context) => {
    const { viewer } = context;
    leave(context);
    if (viewer === null) return { endedSessionId: null };
    await context.sessions.end(viewer.sessionId, viewer.userId);
    return { endedSessionId: globalId('session', viewer.sessionId) };
  },
  refreshSession: async (_, { input }, { viewer, caller, sessions, limits }) => {
    const tooMany = await limits.refresh(caller.address);
    if (tooMany !== null) return { session: null, tokens: null, errors: [tooMany] };
    if (typeof input.refreshToken === 'string') {
      if (!input.wantsToken)
        throw badUserInput(
          'Give `wantsToken: true` with a refresh token: it works once, and the answer has the next.',
        );
      const refreshed = await sessions.refresh(input.refreshToken, caller.address);
      return refreshed === null ? SESSION_ENDED : { ...refreshed, errors: [] };
    }
    // An access token that somebody found must not grow into tokens that last.
    if (input.wantsToken) throw badUserInput('Tokens are given at sign-in, and for a refresh token.');
    const session = viewer && (await sessions.use(viewer.sessionId, caller.address));
    return session === null ? SESSION_ENDED : { session, tokens: null, errors: [] };
  },
  revokeSession: async (_, { input }, context) => {
    const { userId, sessionId } = requireViewer(context.viewer);
    const id = rowId('session', input.sessionId);
    if (!(await context.sessions.end(id, userId))) {
      const error = notFound(['sessionId'], 'There is no such session; it may have ended already.');
      return { revokedSessionId: null, errors: [error] };
    }
    if (id === sessionId) leave(context);
    return { revokedSessionId: globalId('session', id), errors: [] };
  },
  revokeOtherSessions: async (_, __, { viewer, sessions }) => {
    const { userId, sessionId } = requireViewer(viewer);
    const ended = await sessions.endOthers(userId, sessionId);
    return { revokedSessionIds: ended.map((id) => globalId('session', id)) };
  },
  requestPasswordReset: async (_, { input }, { recovery, caller }) => {
    const asked = await recovery.requestPasswordReset(input.login, caller.address);
    return asked.type === 'refused'
      ? { linkLifetimeMinutes: null, errors: asked.errors }
      : { linkLifetimeMinutes: asked.linkLifetimeMinutes, errors: [] };
  },
  resetPassword: async (_, { input }, { recovery, caller }) => {
    const reset = await recovery.resetPassword(input, caller.address);
    return reset.type === 'refused'
      ? { username: null, errors: reset.errors }
      : { username: reset.username, errors: [] };
  },
};

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

/** Makes who has just signed in the viewer of the rest of the operation. */
async function enter(
  { session, secrets: { cookie, refreshToken } }: { session: Session; secrets: SessionSecrets },
  context: Context,
) {
  const tokens = refreshToken === null ? null : await context.sessions.tokensOf(session, refreshToken);
  context.setSessionCookie(cookie);
  context.viewer = { userId: session.userId, sessionId: session.id };
  return { viewer: viewerOf(context.viewer), session, tokens };
}

/** The rest of the operation is signed out. */
export function leave(context: Context): void {
  context.setSessionCookie(null);
  context.viewer = null;
}
