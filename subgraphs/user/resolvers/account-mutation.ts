import { globalId } from '../../global-id.ts';
import { requireViewer } from '../../viewer.ts';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { composeProfile } from '../user.ts';
import { leave } from './sign-in-mutation.ts';
import { viewerOf } from './viewer.ts';

/** What one does with the account that one is signed in to. */
export const AccountMutation: MutationResolvers = {
  verifyEmail: async (_, { input }, { recovery, caller }) => {
    const verified = await recovery.verifyEmail(input.token, caller.address);
    return verified.type === 'refused'
      ? { email: null, errors: verified.errors }
      : { email: verified.email, errors: [] };
  },
  requestEmailVerification: async (_, __, { viewer, recovery }) => {
    const asked = await recovery.requestEmailVerification(requireViewer(viewer).userId);
    return asked.type === 'refused'
      ? { email: null, errors: asked.errors }
      : { email: asked.email, errors: [] };
  },
  changePassword: async (_, { input }, { viewer, changes, caller }) => {
    const who = requireViewer(viewer);
    const changed = await changes.changePassword(who, input, caller.address);
    if (changed.type === 'refused') return { viewer: null, revokedSessionIds: [], errors: changed.errors };
    const revokedSessionIds = changed.ended.map((id) => globalId('session', id));
    return { viewer: viewerOf(who), revokedSessionIds, errors: [] };
  },
  changeEmail: async (_, { input }, { viewer, changes, caller }) => {
    const who = requireViewer(viewer);
    const changed = await changes.changeEmail(who, input, caller.address);
    return changed.type === 'refused'
      ? { viewer: null, errors: changed.errors }
      : { viewer: viewerOf(who), errors: [] };
  },
  changeUsername: async (_, { input }, { viewer, changes, users, loaders }) => {
    const who = requireViewer(viewer);
    const changed = await changes.changeUsername(who, input.username);
    if (changed.type === 'refused')
      return { user: null, previousUsernameHeldUntil: null, errors: changed.errors };
    const user = await freshly(who.userId, { users, loaders });
    return { user, previousUsernameHeldUntil: changed.previousHeldUntil, errors: [] };
  },
  updateProfile: async (_, { input }, { viewer, users, loaders, limits, wake }) => {
    const { userId } = requireViewer(viewer);
    const before = await loaders.users.load(userId);
    const draft = composeProfile(input, before?.username ?? '');
    if (draft.type === 'refused') return { user: null, errors: draft.errors };
    const tooMany = await limits.changeProfile(userId);
    if (tooMany !== null) return { user: null, errors: [tooMany] };
    const user = await users.updateProfile(userId, draft.changes);
    wake();
    loaders.users.clear(userId).prime(userId, user);
    return { user, errors: [] };
  },
  setAccountProtection: async (_, { input }, { viewer, changes, users, loaders }) => {
    const who = requireViewer(viewer);
    const changed = await changes.setProtection(who, input.isProtected);
    if (changed.type === 'refused') return { user: null, errors: changed.errors };
    return { user: await freshly(who.userId, { users, loaders }), errors: [] };
  },
  deactivateAccount: async (_, { input }, context) => {
    const who = requireViewer(context.viewer);
    const hidden = await context.changes.deactivate(who, input.password, context.caller.address);
    if (hidden.type === 'refused')
      return { deactivatedUserId: null, recoverableUntil: null, errors: hidden.errors };
    leave(context);
    return {
      deactivatedUserId: globalId('user', who.userId),
      recoverableUntil: hidden.until,
      errors: [],
    };
  },
  deleteAccount: async (_, { input }, context) => {
    const who = requireViewer(context.viewer);
    const deleted = await context.changes.delete(who, input, context.caller.address);
    if (deleted.type === 'refused')
      return { deletedUserId: null, usernameHeldUntil: null, errors: deleted.errors };
    leave(context);
    return {
      deletedUserId: globalId('user', who.userId),
      usernameHeldUntil: deleted.nameHeldUntil,
      errors: [],
    };
  },
};

/** The account as it is now, also for what else this operation asks of it. */
async function freshly(userId: string, { users, loaders }: Pick<Context, 'users' | 'loaders'>) {
  const [user = null] = await users.byIds([userId], { readsOwnWrites: true });
  loaders.users.clear(userId).prime(userId, user);
  return user;
}
