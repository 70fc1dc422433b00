'use client';

import { useApolloClient, useReactiveVar, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import {
  addEntries,
  gapsVar,
  heardUntil,
  reloadHome,
  removeEntries,
  waitingVar,
} from '../apollo/home-timeline.ts';
import { gql } from '../graphql.generated/index.ts';
import { HomeStreamDocument, type HomeStreamSubscription } from '../graphql.generated/graphql.ts';

export const HomeStream = gql(`
  subscription HomeStream($after: String) {
    homeTimeline(after: $after) {
      __typename
      cursor
      ... on HomeTimelineEntriesAdded {
        edges {
          ...HomeEntry
        }
      }
      ... on HomeTimelineEntriesRemoved {
        edgeCursors
      }
      ... on TimelineGap {
        before
        since
        until
        approximateCount
      }
    }
  }
`);

const NONE: ReadonlySet<string> = new Set();

/** Beyond it something is being read, which new tweets must not move. */
const AT_TOP_PX = 8;

/**
 * Follows the home timeline from `liveCursor` on and keeps the cache's in step. Everything new is in the cache at once;
 * `waiting` are the cursors of entries that are not to be shown yet, since the page is scrolled down.
 *
 * @param page the key of what the server gave.
 * @param liveCursor of the page first shown; later ones do not matter. Undefined while there is none.
 * @param onAdded hears how many came, for a screen reader.
 */
export function useHomeStream(
  page: string,
  liveCursor: string | undefined,
  onAdded: (count: number) => void,
) {
  const client = useApolloClient();
  const [after] = useState(liveCursor);
  const waitingOn = ({ page: of, cursors } = waitingVar()) => (of === page ? cursors : NONE);
  const waiting = waitingOn(useReactiveVar(waitingVar));

  const onEvent = (event: HomeStreamSubscription['homeTimeline']) => {
    const { cache } = client;
    switch (event.__typename) {
      case 'HomeTimelineEntriesAdded': {
        const fresh = event.edges.filter(({ because }) => because.__typename !== 'OwnPost');
        // Of this moment: two events may come before the next render.
        const later = scrollY > AT_TOP_PX ? [...waitingOn(), ...fresh.map(({ cursor }) => cursor)] : NONE;
        waitingVar({ page, cursors: new Set(later) });
        addEntries(cache, event.edges, event.cursor);
        if (fresh.length > 0) onAdded(fresh.length);
        return;
      }
      case 'HomeTimelineEntriesRemoved':
        removeEntries(cache, event.edgeCursors, event.cursor);
        return;
      case 'HomeTimelineReset':
        void reloadHome(client);
        return;
      case 'TimelineGap':
        heardUntil(cache, event.cursor);
        if (event.before === null) void reloadHome(client);
        else
          gapsVar([
            ...gapsVar(),
            {
              key: event.cursor,
              before: event.before,
              since: event.since,
              until: event.until,
              approximateCount: event.approximateCount,
            },
          ]);
        return;
      case 'HomeReadPositionMoved':
        // Nothing on this page shows how far one has read.
        heardUntil(cache, event.cursor);
        return;
      default:
        // A kind that came later. Its cursor holds all the same.
        heardUntil(cache, (event as { cursor: string }).cursor);
    }
  };

  useSubscription(HomeStreamDocument, {
    variables: { after: after ?? null },
    skip: after === undefined,
    // What comes is put at its place in the timeline, below.
    fetchPolicy: 'no-cache',
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      if (data) onEvent(data.homeTimeline);
    },
  });

  return { waiting, release: () => waitingVar({ page, cursors: NONE }) };
}
