import { rowId } from '../../global-id.ts';
import type { QueryResolvers } from '../schema.generated.ts';
import { userOf } from './references.ts';

export const Query: QueryResolvers = {
  viewer: (_, __, { caller: { viewer } }) => viewer && userOf(viewer.userId),
  tweet: (_, { id }, { loaders }) => loaders.tweet.load(rowId('tweet', id)),
};
