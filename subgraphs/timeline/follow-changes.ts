import type { Id } from '../../platform/ids.ts';
import type { Deliveries } from './deliveries.ts';
import type { Rebuilder } from './rebuild.ts';

/**
 * Somebody followed or unfollowed. Reads know already: the gate asks for edges, and the list's stamp no longer fits.
 * What is left is to tell those who look on, and to have a fitting list by their next read. Again does both again.
 */
export const createFollowChanges =
  ({ deliveries, rebuilder }: { deliveries: Deliveries; rebuilder: Pick<Rebuilder, 'request'> }) =>
  async ({ followerId }: { followerId: Id }): Promise<void> => {
    await deliveries.bring({ kind: 'reset' }, [followerId]);
    rebuilder.request(followerId, { onlyIfHeld: true });
  };
