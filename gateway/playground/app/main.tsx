import 'graphiql/style.css';
import './page.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './fetcher.ts';
import { savedOperations } from './operations.ts';

const WORKERS: Record<string, string> = { json: 'json', graphql: 'graphql' };

// Monaco asks for its workers by this name; they are files of our own beside this one.
Object.assign(self, {
  MonacoEnvironment: {
    getWorker: (_: string, label: string) =>
      new Worker(`/playground/${WORKERS[label] ?? 'editor'}.worker.js`),
  },
});

// GraphiQL fills the editors of the first tab from these alone; on later visits it remembers what was there.
const [first] = savedOperations;
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;
const initial = isFirstVisit ? { initialQuery: first.query, initialVariables: first.variables } : {};

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no place for the playground');
createRoot(root).render(
  <GraphiQL
    {...initial}
    fetcher={createFetcher()}
    defaultTabs={[...savedOperations]}
    defaultEditorToolsVisibility="variables"
  >
    <GraphiQL.Logo>
      <span className="roost-name">Roost</span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
