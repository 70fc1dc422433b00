'use client';

import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';

/** What the server found out for a client component, made by `preload` of server.ts. Plain data: it travels in the page. */
export interface Preloaded<Data, Variables> {
  /** Tells this answer from all others. */
  key: string;
  data: Data;
  variables: Variables;
}

const written = new WeakMap<ApolloClient, Set<string>>();

/**
 * The query of a page, answered at once by what the server preloaded, in the raw HTML as well; from then on by the
 * client's cache. An answer is written once: the browser's way back shows an old page again, and what has happened
 * since must stay.
 */
export function usePreloadedQuery<Data, Variables extends OperationVariables>(
  query: TypedDocumentNode<Data, Variables>,
  { key, data, variables }: Preloaded<Data, Variables>,
) {
  const client = useApolloClient();
  const keys = written.get(client) ?? new Set();
  written.set(client, keys);
  if (!keys.has(key)) {
    keys.add(key);
    // Others who show the same hear of it below: React forbids it while it renders.
    client.cache.writeQuery({ query, variables, data, broadcast: false });
  }
  useEffect(() => client.cache.batch({ update: () => undefined }), [client, key]);
  const result = useQuery(query, { variables } as never);
  return { ...result, data: result.data ?? data };
}
