import type { QueryResolvers } from '../schema.generated.ts';
import { explanationOf, suggestionsWanted } from '../suggestions.ts';

export const Query: QueryResolvers = {
  viewer: (_, __, { viewerId }) => (viewerId === null ? null : { id: viewerId }),
  suggestedUsers: async (_, { first }, { viewerId, suggest }) => {
    const suggestions = await suggest(viewerId, suggestionsWanted(first));
    return suggestions.map((suggestion) => ({
      user: { id: suggestion.userId },
      because: suggestion.because,
      explanation: explanationOf(suggestion),
    }));
  },
};
