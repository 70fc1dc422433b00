import type { Id } from '../../platform/ids.ts';
import type { Deliveries } from './deliveries.ts';
import type { Rebuilder } from './rebuild.ts';

/*
 * Somebody changed whom they follow, or what they want to see. Reads know already: the gate asks for edges, blocks and
 * mutes, and a list for other edges has another stamp. What is left is to tell those who look on, and to have a
 * fitting list by their next read. Again does both again.
 */
export const createFollowChanges = ({
  deliveries,
  rebuilder,
}: {
  deliveries: Deliveries;
  rebuilder: Pick<Rebuilder, 'request'>;
}) => ({
  followChanged: async ({ followerId }: { followerId: Id }): Promise<void> => {
    await deliveries.bring({ kind: 'reset', cause: 'FOLLOWS_CHANGED' }, [followerId]);
    rebuilder.request(followerId, { onlyIfHeld: true });
  },

  /** A mute, a block, hidden retweets, or the end of one. `userIds`: whose timelines it changes. */
  filtersChanged: async (userIds: readonly Id[]): Promise<void> => {
    await deliveries.bring({ kind: 'reset', cause: 'FILTERS_CHANGED' }, userIds);
  },
});
