import { formatShortcutForOS, KEY_MAP, ResponseEditor, Spinner, useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';
import { live } from '../live/live-events.ts';
import { LivePane } from '../live/live-pane.tsx';
import { lastRun, told } from '../runs.ts';
import { useStore } from '../store.ts';

/** What came back: an answer with the time and cost of it, or the events of a stream. */
export function Answer() {
  const isFetching = useGraphiQL((state) => state.isFetching);
  const tab = useGraphiQL((state) => state.tabs[state.activeTabIndex]);
  const hasAnswer = Boolean(tab?.response);
  const run = useStore(lastRun);
  const stream = useStore(live);
  // They tell of what ran in another tab.
  useEffect(() => {
    lastRun.set(null);
    live.set(null);
  }, [tab?.id]);
  return (
    <section className="answer" aria-label="Answer">
      <p className="meter" role="status">
        {(isFetching && stream === null ? ['Asking'] : run === null ? [] : told(run)).join(' · ')}
      </p>
      {stream === null ? null : <LivePane state={stream} />}
      <div className={stream === null ? 'editor editor-answer' : 'editor hidden'}>
        {isFetching ? <Spinner /> : null}
        {hasAnswer || isFetching ? null : (
          <p className="empty">
            Run the operation, and its answer shows here. {formatShortcutForOS(KEY_MAP.runQuery.key, 'Cmd')}{' '}
            does it from the editor.
          </p>
        )}
        <ResponseEditor />
      </div>
    </section>
  );
}
