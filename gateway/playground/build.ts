import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { readSavedOperations } from './saved-operations.ts';

/** Bundles the playground into `dist/`, whole: no file of it comes from another host. Takes some seconds. */
const app = join(import.meta.dirname, 'app');
const outdir = join(import.meta.dirname, 'dist');

const options: BuildOptions = {
  bundle: true,
  minify: true,
  outdir,
  target: 'es2022',
  logLevel: 'warning',
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"' },
};
/** What `operations/` holds, as a module. */
const savedOperations: Plugin = {
  name: 'saved-operations',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^virtual:saved-operations$/ }, ({ path }) => ({ path, namespace: 'saved' }));
    onLoad({ filter: /./, namespace: 'saved' }, () => ({
      contents: JSON.stringify(readSavedOperations()),
      loader: 'json',
    }));
  },
};
const monaco = 'monaco-editor/esm/vs';

await Promise.all([
  build({
    ...options,
    entryPoints: { main: join(app, 'main.tsx') },
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'dataurl' },
    plugins: [savedOperations],
  }),
  build({
    ...options,
    entryPoints: {
      'editor.worker': `${monaco}/editor/editor.worker.js`,
      'json.worker': `${monaco}/language/json/json.worker.js`,
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
    format: 'iife',
  }),
  ...['index.html', 'icon.svg'].map((file) => cp(join(app, file), join(outdir, file))),
]);
