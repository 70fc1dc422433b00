import { badUserInput } from '../../errors.ts';
import { globalId, rowId } from '../../global-id.ts';
import type { UserResolvers } from '../schema.generated.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.users.load(rowId('user', id)),
  id: ({ id }) => globalId('user', id),
  bioEntities: ({ bioEntities }) => bioEntities,
  url: ({ username }, _, { publicUrl }) => `${publicUrl}/@${username}`,
  avatarUrl: ({ id }, { size }, { publicUrl }) => {
    if (size < 16 || size > 512) throw badUserInput('`size` goes from 16 to 512.');
    // Drawn in vectors, so that one address does for every size.
    return `${publicUrl}/avatars/${id}.svg`;
  },
  bannerUrl: (_, { width }) => {
    if (width < 300 || width > 1500) throw badUserInput('`width` goes from 300 to 1500.');
    // Nobody can have one before pictures can be uploaded.
    return null;
  },
  isViewer: ({ id }, _, { viewer }) => id === viewer?.userId,
};
