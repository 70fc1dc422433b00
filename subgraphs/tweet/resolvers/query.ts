import { rowId } from '../../global-id.ts';
import { hashtagNamed } from '../hashtag.ts';
import type { QueryResolvers } from '../schema.generated.ts';
import { hashtagOf, userOf } from './references.ts';

export const Query: QueryResolvers = {
  viewer: (_, __, { caller: { viewer } }) => viewer && userOf(viewer.userId),
  tweet: (_, { id }, { loaders }) => loaders.tweet.load(rowId('tweet', id)),
  hashtag: (_, { name }) => {
    const known = hashtagNamed(name);
    return known === null ? null : hashtagOf(known);
  },
};
