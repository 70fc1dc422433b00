import { formatShortcutForOS, KEY_MAP } from '@graphiql/react';

const keys: [string, string][] = [
  [
    formatShortcutForOS(KEY_MAP.runQuery.key, 'Cmd'),
    'Run the operation at the cursor; or stop it, if it is a stream',
  ],
  ['Ctrl-Space', 'Complete a word'],
  [KEY_MAP.prettify.key, 'Tidy the editors'],
  [KEY_MAP.mergeFragments.key, 'Write fragments out in the operation'],
  [KEY_MAP.copyQuery.key, 'Copy the operation'],
  [formatShortcutForOS(KEY_MAP.searchInEditor.key, 'Cmd'), 'Search in the editor'],
  [formatShortcutForOS(KEY_MAP.searchInDocs.key, 'Cmd'), 'Search in the docs'],
  [KEY_MAP.refetchSchema.key, 'Read the schema again'],
  ['Enter', 'Into the editor that has the focus'],
  ['Esc', 'Out of it again'],
  ['F1', 'All that an editor can do'],
  ['↑ ↓', 'From field to field, while building'],
];

/** What can be done without a mouse. */
export function KeysPane() {
  return (
    <>
      <h2 className="pane-title">Keys</h2>
      <dl className="keys">
        {keys.map(([key, does]) => (
          <div key={does}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
