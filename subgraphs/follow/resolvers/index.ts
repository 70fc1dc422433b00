import { DateTime } from '../../scalars.ts';
import type { Resolvers } from '../schema.generated.ts';
import { FollowersYouKnowConnection } from './followers-you-know.ts';
import { FollowRequest, FollowRequestConnection } from './follow-request.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { User } from './user.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  DateTime,
  Query,
  Mutation,
  User,
  Viewer,
  FollowRequest,
  FollowRequestConnection,
  FollowersYouKnowConnection,
};
