import type { Id } from '../../../platform/ids.ts';
import type { Connection } from '../../connection.ts';
import { badUserInput } from '../../errors.ts';
import type { FollowersYouKnowConnectionResolvers } from '../schema.generated.ts';

/** A page of an account's followers whom the viewer follows; all of them are counted when asked for. */
export interface KnownFollowers extends Connection<{ id: Id }> {
  userId: Id;
}

/** As the schema says. */
const MOST_COUNTED = 1000;

export const FollowersYouKnowConnection: FollowersYouKnowConnectionResolvers = {
  count: ({ userId }, { atMost }, { loaders }) => {
    if (atMost < 1 || atMost > MOST_COUNTED) throw badUserInput(`\`atMost\` goes from 1 to ${MOST_COUNTED}.`);
    return loaders.knownFollowerCount.load(userId, atMost);
  },
};
