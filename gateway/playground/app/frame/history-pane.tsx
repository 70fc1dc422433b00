import { useHistory, useHistoryActions } from '@graphiql/plugin-history';
import { useOpen } from '../open.ts';

/** What was run here, newest first, to open again. */
export function HistoryPane() {
  const open = useOpen();
  const runs = useHistory().toReversed();
  const { deleteFromHistory } = useHistoryActions();
  if (runs.length === 0) return <p className="empty">What you run shows here, to open again.</p>;
  return (
    <div className="saved">
      <div className="pane-tools">
        <button
          type="button"
          className="btn btn-line"
          onClick={() => {
            for (const run of runs) deleteFromHistory(run);
          }}
        >
          Forget all
        </button>
      </div>
      <ul>
        {runs.map(({ query = '', variables = '', operationName }, index) => (
          <li key={`${index} ${query} ${variables}`}>
            <button type="button" className="saved-operation" onClick={() => open(query, variables)}>
              <span className="saved-name">{operationName ?? 'Untitled'}</span>
              <span className="saved-sentence">{firstWords(query)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Without the comment above it. */
const firstWords = (query: string): string =>
  query
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 120);
