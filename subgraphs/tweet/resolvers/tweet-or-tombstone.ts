import { globalId } from '../../global-id.ts';
import type { TweetOrTombstoneResolvers, TweetTombstoneResolvers } from '../schema.generated.ts';

export const TweetOrTombstone: TweetOrTombstoneResolvers = {
  __resolveType: (place) => ('text' in place ? 'Tweet' : 'TweetTombstone'),
};

export const TweetTombstone: TweetTombstoneResolvers = {
  id: ({ id }) => globalId('tweet', id),
};
