import type {
  HashtagEntityResolvers,
  MentionEntityResolvers,
  TextEntityResolvers,
} from '../schema.generated.ts';
import { hashtagOf, userOf } from './references.ts';

const TYPES = { mention: 'MentionEntity', hashtag: 'HashtagEntity', link: 'LinkEntity' } as const;

export const TextEntity: TextEntityResolvers = {
  __resolveType: ({ type }) => TYPES[type],
};

export const MentionEntity: MentionEntityResolvers = {
  // Written down long ago: nobody has looked since whether the account stands.
  user: async ({ userId }, _, { loaders }) => ((await loaders.standing.load(userId)) ? userOf(userId) : null),
};

export const HashtagEntity: HashtagEntityResolvers = {
  hashtag: ({ tag }) => hashtagOf(tag),
};
