import { DateTime, Language, URLScalar } from '../../scalars.ts';
import type { Resolvers } from '../schema.generated.ts';
import { Hashtag } from './hashtag.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import * as streams from './subscription.ts';
import { HashtagEntity, MentionEntity, TextEntity } from './text-entity.ts';
import { Tweet } from './tweet.ts';
import { TweetOrTombstone, TweetTombstone } from './tweet-or-tombstone.ts';
import { User } from './user.ts';
import { Viewer } from './viewer.ts';

export const resolvers: Resolvers = {
  DateTime,
  Language,
  URL: URLScalar,
  Query,
  Mutation,
  ...streams,
  Tweet,
  TweetOrTombstone,
  TweetTombstone,
  TextEntity,
  MentionEntity,
  HashtagEntity,
  Hashtag,
  User,
  Viewer,
};
