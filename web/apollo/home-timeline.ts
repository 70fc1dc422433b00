'use client';

import { makeVar, type ApolloCache, type ApolloClient } from '@apollo/client';
import { gql } from '../graphql.generated/index.ts';
import {
  HomeTimelineDocument,
  type HomeEntryFragment,
  type HomeTimelineQuery,
} from '../graphql.generated/graphql.ts';
import { joined } from './home-entries.ts';

export const HomeTimeline = gql(`
  query HomeTimeline($first: Int, $after: String, $last: Int, $before: String) {
    homeTimeline(first: $first, after: $after, last: $last, before: $before) {
      edges {
        ...HomeEntry
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      liveCursor
    }
  }
`);

export const PAGE = 20;

/** A stretch that can't be replayed, until it is loaded. Kept beside the cache: a page that is left must not forget it. */
export interface Gap {
  key: string;
  /** Cursor of the entry just older than the gap. */
  before: string;
  since: string;
  until: string;
  approximateCount: number | null;
}

export const gapsVar = makeVar<readonly Gap[]>([]);

/**
 * Cursors of entries that are held and not to be shown yet, since the page was scrolled down as they came. They belong to
 * one page from the server: another begins with all that it brought, and the way back to the first finds them waiting.
 */
export const waitingVar = makeVar<{ page: string; cursors: ReadonlySet<string> }>({
  page: '',
  cursors: new Set(),
});

type Timeline = NonNullable<HomeTimelineQuery['homeTimeline']>;

/** Changes the home timeline that the cache holds; nothing when it holds none. */
function change(cache: ApolloCache, to: (timeline: Timeline) => Partial<Timeline>): void {
  cache.updateQuery({ query: HomeTimelineDocument, variables: { first: PAGE }, overwrite: true }, (data) => {
    if (!data?.homeTimeline) return undefined;
    const { pageInfo, ...timeline } = { ...data.homeTimeline, ...to(data.homeTimeline) };
    const { edges } = timeline;
    return {
      homeTimeline: {
        ...timeline,
        // The cache takes these for the cursors of the edges at the ends.
        pageInfo: {
          ...pageInfo,
          startCursor: edges[0]?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
      },
    };
  });
}

/** @param liveCursor of the event that brought them, if one did. */
export const addEntries = (cache: ApolloCache, entries: readonly HomeEntryFragment[], liveCursor?: string) =>
  change(cache, (timeline) => ({
    edges: joined(entries, timeline.edges),
    ...(liveCursor !== undefined && { liveCursor }),
  }));

export const removeEntries = (cache: ApolloCache, cursors: readonly string[], liveCursor: string) => {
  const gone = new Set(cursors);
  change(cache, ({ edges }) => ({ edges: edges.filter(({ cursor }) => !gone.has(cursor)), liveCursor }));
};

/** Notes how far the stream was heard. */
export const heardUntil = (cache: ApolloCache, liveCursor: string) => change(cache, () => ({ liveCursor }));

/** Puts one's own tweet on top, wherever this browser's clock would have it. */
export const addOwnTweet = (cache: ApolloCache, entry: HomeEntryFragment) =>
  change(cache, ({ edges }) => {
    const top = edges[0]?.enteredAt ?? '';
    return { edges: joined([top > entry.enteredAt ? { ...entry, enteredAt: top } : entry], edges) };
  });

/** Begins anew with the first page: the timeline as a whole is another one. */
export async function reloadHome(client: ApolloClient): Promise<void> {
  await client.query({
    query: HomeTimelineDocument,
    variables: { first: PAGE },
    fetchPolicy: 'network-only',
  });
  gapsVar([]);
  waitingVar({ page: '', cursors: new Set() });
}

const GAP_PAGE = 50;

/**
 * Loads what a gap hides, page by page upwards from the entry below it, until an entry that is held already.
 * Rejects when a page can't be had; what came before it stays, and the gap moves up to it.
 */
export async function loadGap(client: ApolloClient, gap: Gap, held: ReadonlySet<string>): Promise<void> {
  let { before } = gap;
  for (;;) {
    const { data } = await client.query({
      query: HomeTimelineDocument,
      variables: { last: GAP_PAGE, before },
      fetchPolicy: 'no-cache',
      errorPolicy: 'none',
    });
    const page = data?.homeTimeline;
    if (!page) throw new Error('The home timeline is out of reach.');
    const [newest] = page.edges;
    addEntries(client.cache, page.edges);
    if (!newest || !page.pageInfo.hasPreviousPage || page.edges.some(({ cursor }) => held.has(cursor))) break;
    before = newest.cursor;
    const reached = before;
    gapsVar(gapsVar().map((other) => (other.key === gap.key ? { ...other, before: reached } : other)));
  }
  gapsVar(gapsVar().filter(({ key }) => key !== gap.key));
}
