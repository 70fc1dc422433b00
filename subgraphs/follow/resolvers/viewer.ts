import type { Id } from '../../../platform/ids.ts';
import { connectionOf, cursorOf, pageOf, type PageArguments } from '../../connection.ts';
import { globalId, rowId } from '../../global-id.ts';
import type { Context } from '../context.ts';
import type { Distance, Kept } from '../distance-store.ts';
import { cursorAt } from '../keyset.ts';
import type { Side } from '../request-store.ts';
import type { ViewerResolvers } from '../schema.generated.ts';
import type { RequestList } from './follow-request.ts';

/** Nobody but the viewer is ever a parent here: see `__resolveReference`. */
export const Viewer: ViewerResolvers = {
  __resolveReference: ({ id }, { viewerId }) =>
    viewerId !== null && rowId('user', id) === viewerId ? { id: viewerId } : null,
  id: ({ id }) => globalId('user', id),
  followRequests: ({ id }, args, context) => requestsOf('received', id, args, context),
  sentFollowRequests: ({ id }, args, context) => requestsOf('sent', id, args, context),
  mutedUsers: ({ id }, args, context) =>
    keptBy('mute', id, args, context, (edge, mutedAt) => ({ ...edge, mutedAt })),
  blockedUsers: ({ id }, args, context) =>
    keptBy('block', id, args, context, (edge, blockedAt) => ({ ...edge, blockedAt })),
  hiddenRetweetUsers: ({ id }, args, context) =>
    keptBy('hidden-retweets', id, args, context, (edge, hiddenAt) => ({ ...edge, hiddenAt })),
};

async function requestsOf(
  side: Side,
  viewerId: Id,
  args: PageArguments,
  { requests }: Context,
): Promise<RequestList> {
  const list = `${side}-requests`;
  const page = pageOf(list, args);
  const rows = await requests.of(viewerId, side, page);
  const edges = connectionOf(page, rows, (node) => ({ cursor: cursorOf(list, node.id), node }));
  return { ...edges, viewerId, side };
}

interface PersonEdge {
  cursor: string;
  node: { id: Id };
}

async function keptBy<Edge extends PersonEdge>(
  distance: Distance,
  viewerId: Id,
  args: PageArguments,
  { distances }: Context,
  edgeOf: (edge: PersonEdge, since: Date) => Edge,
) {
  const page = pageOf(distance, args);
  const rows = await distances.kept(distance, viewerId, page);
  const personEdge = ({ userId, since }: Kept): PersonEdge => ({
    cursor: cursorAt(distance, since, userId),
    node: { id: userId },
  });
  return connectionOf(page, rows, (kept) => edgeOf(personEdge(kept), kept.since));
}
