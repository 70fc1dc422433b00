import { DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider, Tooltip } from '@graphiql/react';
import savedOperations from 'virtual:saved-operations';
import { DOCS_PLUGIN } from './docs/docs-pane.tsx';
import { fetcher } from './fetcher.ts';
import { panes } from './frame/panes.tsx';
import { Frame } from './frame/frame.tsx';
import { THEMES } from './frame/editor-themes.ts';
import { keepingNoSecrets } from './private-storage.ts';

/** The tabs that somebody finds on the first visit, in the order in which to try them. */
const firstSteps = savedOperations
  .filter(({ screen }) => screen === 'First steps')
  .map(({ text, variables }) => ({
    query: text,
    variables: Object.keys(variables).length === 0 ? '' : JSON.stringify(variables, null, 2),
  }));

const plugins = panes.map(({ plugin }) => plugin);

/** GraphiQL's editors, docs and memory in a frame of our own, which is ours to make fit for keyboards and telephones. */
export function Playground() {
  const [first] = firstSteps;
  const storage = keepingNoSecrets(localStorage);
  // It fills the editors of the first tab from these alone; on later visits it remembers what was there.
  const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;
  const initial =
    isFirstVisit && first ? { initialQuery: first.query, initialVariables: first.variables } : {};
  return (
    <GraphiQLProvider
      {...initial}
      fetcher={fetcher}
      storage={storage}
      defaultQuery=""
      defaultTabs={firstSteps}
      editorTheme={THEMES}
      plugins={plugins}
      referencePlugin={DOCS_PLUGIN}
      inputValueDeprecation
      schemaDescription
    >
      <HistoryStore>
        <DocExplorerStore>
          <Tooltip.Provider>
            <Frame />
          </Tooltip.Provider>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
