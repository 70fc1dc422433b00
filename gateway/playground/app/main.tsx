import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import './styles/page.css';
import { createRoot } from 'react-dom/client';
import { Playground } from './playground.tsx';

const WORKERS: Record<string, string> = { json: 'json', graphql: 'graphql' };

// Monaco asks for its workers by this name; they are files of our own beside this one.
Object.assign(self, {
  MonacoEnvironment: {
    getWorker: (_: string, label: string) =>
      new Worker(`/playground/${WORKERS[label] ?? 'editor'}.worker.js`),
  },
});

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no place for the playground');
createRoot(root).render(<Playground />);
