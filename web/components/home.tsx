'use client';

import { useApolloClient, useReactiveVar } from '@apollo/client/react';
import { Fragment, useMemo } from 'react';
import { withoutTwins } from '../apollo/home-entries.ts';
import { gapsVar, reloadHome, type Gap } from '../apollo/home-timeline.ts';
import { usePreloadedQuery, type Preloaded } from '../apollo/preloaded.ts';
import {
  HomeTimelineDocument,
  type HomeEntryFragment,
  type HomeTimelineQuery,
  type HomeTimelineQueryVariables,
} from '../graphql.generated/graphql.ts';
import { useAnnouncer } from './announcer.ts';
import { Empty } from './empty.tsx';
import { Failed } from './failed.tsx';
import { FoldedComposer } from './folded-composer.tsx';
import { GapBand } from './gap-band.tsx';
import { HomeEntry } from './home-entry.tsx';
import { ConnectionBanner, LiveChip } from './live-status.tsx';
import { More } from './more.tsx';
import { NewTweetsPill } from './new-tweets-pill.tsx';
import { ScreenHead } from './screen-head.tsx';
import { useHomeStream } from './use-home-stream.ts';

const NONE: readonly HomeEntryFragment[] = [];

/** The home timeline of whoever is signed in: what the server rendered, kept live from then on. */
export function Home({ first }: { first: Preloaded<HomeTimelineQuery, HomeTimelineQueryVariables> }) {
  const client = useApolloClient();
  const { data, fetchMore } = usePreloadedQuery(HomeTimelineDocument, first);
  const timeline = data.homeTimeline;
  const [announcement, announce] = useAnnouncer();
  const { waiting, release } = useHomeStream(first.key, timeline?.liveCursor ?? undefined, announce);

  const entries = useMemo(() => withoutTwins(timeline?.edges ?? NONE), [timeline?.edges]);
  const shown = useMemo(() => entries.filter(({ cursor }) => !waiting.has(cursor)), [entries, waiting]);

  function showNew() {
    release();
    scrollTo({ top: 0 });
  }

  return (
    <>
      <ScreenHead title="Home">
        <LiveChip />
      </ScreenHead>
      <NewTweetsPill entries={entries.filter(({ cursor }) => waiting.has(cursor))} onShow={showNew} />
      <ConnectionBanner />
      <p className="sr-only" role="status">
        {announcement}
      </p>
      <FoldedComposer />
      {timeline === null ? (
        <Failed onAgain={() => void reloadHome(client)} />
      ) : (
        <section aria-label="Home timeline" className="feed">
          <Entries entries={shown} />
          {entries.length === 0 ? (
            <Empty
              title="Nobody on the wire yet"
              text="Follow a few people and their tweets land here, newest first."
            />
          ) : (
            <More
              hasMore={timeline.pageInfo.hasNextPage}
              load={async () => {
                const more = await fetchMore({ variables: { after: timeline.pageInfo.endCursor } });
                return more.data?.homeTimeline ?? null;
              }}
              end="You have reached the very first tweet."
            />
          )}
        </section>
      )}
    </>
  );
}

/** The entries, and the gaps among them: each above the entry that is just older. */
function Entries({ entries }: { entries: readonly HomeEntryFragment[] }) {
  const gaps = useReactiveVar(gapsVar);
  const below = (gap: Gap) =>
    Math.max(
      0,
      entries.findIndex(({ cursor }) => cursor === gap.before),
    );
  return entries.map((entry, index) => (
    <Fragment key={entry.cursor}>
      {gaps
        .filter((gap) => below(gap) === index)
        .map((gap) => (
          <GapBand key={gap.key} gap={gap} held={heldAbove(entries, index)} />
        ))}
      <HomeEntry entry={entry} />
    </Fragment>
  ));
}

const heldAbove = (entries: readonly HomeEntryFragment[], index: number): ReadonlySet<string> =>
  new Set(entries.slice(0, index).map(({ cursor }) => cursor));
