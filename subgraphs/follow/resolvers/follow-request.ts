import type { Id } from '../../../platform/ids.ts';
import type { Connection } from '../../connection.ts';
import { globalId, rowId } from '../../global-id.ts';
import type { FollowRequest as StoredRequest } from '../follow.ts';
import type { Side } from '../request-store.ts';
import type { FollowRequestConnectionResolvers, FollowRequestResolvers } from '../schema.generated.ts';

/** A page of requests, and whose they are: all of them are counted when asked for. */
export interface RequestList extends Connection<StoredRequest> {
  viewerId: Id;
  side: Side;
}

export const FollowRequest: FollowRequestResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.request.load(rowId('request', id)),
  id: ({ id }) => globalId('request', id),
  requester: ({ requesterId }) => ({ id: requesterId }),
  target: ({ targetId }) => ({ id: targetId }),
};

export const FollowRequestConnection: FollowRequestConnectionResolvers = {
  totalCount: ({ viewerId, side }, _, { requests }) => requests.countOf(viewerId, side),
};
