'use client';

import { createContext, use, type ReactNode } from 'react';
import { usePreloadedQuery, type Preloaded } from '../apollo/preloaded.ts';
import { gql } from '../graphql.generated/index.ts';
import type { ViewerQuery, ViewerQueryVariables } from '../graphql.generated/graphql.ts';

const ViewerDocument = gql(`
  query Viewer {
    viewer {
      id
      user {
        id
        username
        displayName
        avatarUrl(size: 96)
      }
    }
  }
`);

export type Viewer = NonNullable<ViewerQuery['viewer']>;

const ViewerContext = createContext<Viewer | null>(null);

/** Tells all below who is signed in. */
export function ViewerProvider({
  preloaded,
  children,
}: {
  preloaded: Preloaded<ViewerQuery, ViewerQueryVariables>;
  children: ReactNode;
}) {
  const { data } = usePreloadedQuery(ViewerDocument, preloaded);
  return <ViewerContext value={data.viewer}>{children}</ViewerContext>;
}

/** The one signed in; null when signed out. Its `user` is null only while profiles are out of reach. */
export const useViewer = (): Viewer | null => use(ViewerContext);
