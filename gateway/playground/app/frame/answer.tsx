import { formatShortcutForOS, KEY_MAP, ResponseEditor, Spinner, useGraphiQL } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { streams } from '../live/live-events.ts';
import { LivePane } from '../live/live-pane.tsx';
import { lastRuns, told } from '../runs.ts';
import { useStore } from '../store.ts';

/** What came back: an answer with the time and cost of it, and the streams that run, of this tab and of others. */
export function Answer() {
  const section = useRef<HTMLElement>(null);
  const isFetching = useGraphiQL((state) => state.isFetching);
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]);
  const hasAnswer = Boolean(tab?.response);
  const run = useStore(lastRuns)[tab?.id ?? ''] ?? null;
  const running = useStore(streams);
  // The stream of this tab is its answer.
  const stream = running.find((each) => each.tab === tab?.id);
  const isStream = !hasAnswer && !isFetching && stream !== undefined;
  const begins = isFetching || stream?.status === 'connecting';
  // On a telephone it lies below the editors.
  useEffect(() => {
    if (begins && matchMedia('(max-width: 799px)').matches) section.current?.scrollIntoView();
  }, [begins]);
  return (
    <section className="answer" aria-label="Answer" ref={section}>
      <p className="meter" role="status">
        {(isFetching ? ['Asking'] : run === null ? [] : told(run)).join(' · ')}
      </p>
      <div className={isStream ? 'hidden' : 'editor editor-answer'}>
        {isFetching ? <Spinner /> : null}
        <div className={hasAnswer ? '' : 'hidden'}>
          <ResponseEditor />
        </div>
        {hasAnswer || isFetching ? null : (
          <div className="empty">
            <p>
              Run the operation, and its answer shows here. {formatShortcutForOS(KEY_MAP.runQuery.key, 'Cmd')}{' '}
              does it from the editor.
            </p>
            <p>
              <b>Saved</b> has what every screen asks, <b>Build</b> puts an operation together by ticks, and{' '}
              <b>Docs</b> tells what there is.
            </p>
          </div>
        )}
      </div>
      <LivePane />
    </section>
  );
}
