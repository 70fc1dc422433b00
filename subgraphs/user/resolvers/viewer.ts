import { globalId, rowId } from '../../global-id.ts';
import type { Viewer as SignedIn } from '../../viewer.ts';
import type { SessionResolvers, ViewerResolvers } from '../schema.generated.ts';

export const viewerOf = ({ userId, sessionId }: SignedIn) => ({ id: userId, sessionId });

export const Viewer: ViewerResolvers = {
  __resolveReference: ({ id }, { viewer }) =>
    viewer !== null && rowId('user', id) === viewer.userId ? viewerOf(viewer) : null,
  id: ({ id }) => globalId('user', id),
  user: ({ id }, _, { loaders }) => loaders.users.load(id),
  account: ({ id }, _, { accounts }) => accounts.account(id),
  sessions: async ({ id: userId, sessionId }, _, { sessions }) => {
    const all = await sessions.ofUser(userId);
    return [...all.filter(({ id }) => id === sessionId), ...all.filter(({ id }) => id !== sessionId)];
  },
};

export const Session: SessionResolvers = {
  id: ({ id }) => globalId('session', id),
  // Until an operator supplies a database of places.
  place: () => null,
  isCurrent: ({ id }, _, { viewer }) => id === viewer?.sessionId,
};
