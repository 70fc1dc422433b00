import { globalId } from '../../global-id.ts';
import { DateTime, URLScalar } from '../../scalars.ts';
import type { Resolvers } from '../schema.generated.ts';
import { AccountMutation } from './account-mutation.ts';
import { Query } from './query.ts';
import { SignInMutation } from './sign-in-mutation.ts';
import { User } from './user.ts';
import { Session, Viewer } from './viewer.ts';

const ENTITY_TYPES = { mention: 'MentionEntity', hashtag: 'HashtagEntity', link: 'LinkEntity' } as const;

export const resolvers: Resolvers = {
  DateTime,
  URL: URLScalar,
  Query,
  Mutation: { ...SignInMutation, ...AccountMutation },
  User,
  Viewer,
  Session,
  Tweet: { id: ({ id }) => globalId('tweet', id) },
  Hashtag: { id: ({ name }) => globalId('hashtag', name) },
  FollowRequest: { id: ({ id }) => globalId('request', id) },
  MentionEntity: { user: ({ userId }, _, { loaders }) => loaders.asked.load(userId) },
  HashtagEntity: { hashtag: ({ tag }) => ({ name: tag }) },
  TextEntity: { __resolveType: ({ type }) => ENTITY_TYPES[type] },
};
