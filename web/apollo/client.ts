import { ApolloClient, InMemoryCache, type ApolloLink, type FieldPolicy } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { possibleTypes } from '../graphql.generated/possible-types.ts';

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
      interface Query {
        errorPolicy: 'all';
      }
    }
  }
}

/** Pages join into one list; a page without `after` begins it anew. */
const homeTimeline = (): FieldPolicy => {
  const { read, merge, keyArgs } = relayStylePagination(['asOf']);
  if (typeof merge !== 'function') throw new TypeError('relayStylePagination merges by a function.');
  return {
    ...(keyArgs !== undefined && { keyArgs }),
    ...(read && { read }),
    // The stream continues from the first page: an older page knows nothing of what came between the two.
    merge: (existing, incoming, options) => ({
      ...merge(existing, incoming, options),
      liveCursor: options.args?.['after'] ? existing?.liveCursor : incoming?.liveCursor,
    }),
  };
};

/** What the client keeps, and by which name: one per tab, and one per render on the server. */
export const createCache = (): InMemoryCache =>
  new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { homeTimeline: homeTimeline() } },
      User: {
        fields: {
          tweets: relayStylePagination(['filter']),
          followers: relayStylePagination(),
          following: relayStylePagination(),
        },
      },
      Tweet: { fields: { replies: relayStylePagination(['order']), ancestors: relayStylePagination() } },
    },
  });

export const createClient = (link: ApolloLink): ApolloClient =>
  new ApolloClient({
    cache: createCache(),
    link,
    // One field out of reach leaves the rest of the page.
    defaultOptions: { watchQuery: { errorPolicy: 'all' }, query: { errorPolicy: 'all' } },
  });
