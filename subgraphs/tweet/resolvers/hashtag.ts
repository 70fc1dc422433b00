import { rowId } from '../../global-id.ts';
import type { HashtagResolvers } from '../schema.generated.ts';
import { hashtagOf } from './references.ts';

export const Hashtag: HashtagResolvers = {
  __resolveReference: ({ id }) => hashtagOf(rowId('hashtag', id)),
};
