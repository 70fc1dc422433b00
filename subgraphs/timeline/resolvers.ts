import { DateTime } from '../scalars.ts';
import { homeTimeline, reasons } from './resolvers/home-timeline.ts';
import { live } from './resolvers/live.ts';
import { homePlacement, tweets } from './resolvers/tweet.ts';
import { asViewer, mutations, viewers } from './resolvers/viewer.ts';
import type { Resolvers } from './schema.generated.ts';

export const resolvers: Resolvers = {
  DateTime,
  Query: {
    viewer: (_, __, { viewer }) => (viewer === null ? null : asViewer(viewer)),
    homeTimeline,
    homePlacement,
  },
  Mutation: mutations,
  ...reasons,
  ...live,
  ...tweets,
  ...viewers,
};
