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
  user: ({ userId }) => userOf(userId),
};

export const HashtagEntity: HashtagEntityResolvers = {
  hashtag: ({ tag }) => hashtagOf(tag),
};
