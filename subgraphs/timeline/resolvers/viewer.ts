import { MAX_ID } from '../../../platform/ids.ts';
import { badUserInput, tooOften } from '../../errors.ts';
import { globalId } from '../../global-id.ts';
import { requireViewer, type Viewer } from '../../viewer.ts';
import { edgeCursor } from '../cursors.ts';
import { edgeOf } from '../edge.ts';
import { rates } from '../rates.ts';
import type { MutationResolvers, Resolvers } from '../schema.generated.ts';

const MOST_COUNTED = 1000;

export const asViewer = ({ userId }: Viewer) => ({ id: globalId('user', userId) });

export const mutations: MutationResolvers = {
  moveHomeReadPosition: async (_, { input }, { viewer, limiter, readPositions }) => {
    const own = requireViewer(viewer);
    const { isAllowed, resetMs } = await limiter.use(rates.moveReadPosition, own.userId);
    if (!isAllowed) return { viewer: null, errors: [tooOften(resetMs)] };
    const { edgeCursor: cursor, allowBackward = false } = input;
    const refusal = await readPositions.move(own.userId, cursor, { allowBackward });
    return refusal === null ? { viewer: asViewer(own), errors: [] } : { viewer: null, errors: [refusal] };
  },

  auditHomeTimeline: async (_, __, { viewer, limiter, audits }) => {
    const own = requireViewer(viewer);
    const { isAllowed, resetMs } = await limiter.use(rates.audit, own.userId);
    if (!isAllowed) return { viewer: null, errors: [tooOften(resetMs)] };
    await audits.audit(own.userId);
    return { viewer: asViewer(own), errors: [] };
  },
};

export const viewers: Pick<Resolvers, 'Viewer' | 'HomeReadPosition'> = {
  Viewer: {
    // Of nobody but who asks.
    __resolveReference: ({ id }, { viewer }) =>
      viewer !== null && id === globalId('user', viewer.userId) ? { id } : null,
    homeReadPosition: (_, __, { viewer, readPositions }) =>
      viewer === null ? null : readPositions.of(viewer.userId),
    timelineAudit: (_, __, { viewer, audits }) => (viewer === null ? null : audits.last(viewer.userId)),
  },
  HomeReadPosition: {
    edgeCursor: ({ entryId }) => edgeCursor(entryId),
    edge: async (position, _, { readPositions }) => {
      const entry = await readPositions.entryAt(position);
      return entry === null ? null : edgeOf(position.viewerId, entry, MAX_ID);
    },
    newerCount: (position, { atMost }, { readPositions }) => {
      if (atMost < 1 || atMost > MOST_COUNTED)
        throw badUserInput(`\`atMost\` goes from 1 to ${MOST_COUNTED}.`);
      return readPositions.newerCount(position, atMost);
    },
  },
};
