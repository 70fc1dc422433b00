import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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

// Of an earlier build, whose parts were called otherwise.
await rm(outdir, { recursive: true, force: true });

await Promise.all([
  build({
    ...options,
    entryPoints: { main: join(app, 'main.tsx') },
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'dataurl' },
    plugins: [savedOperations],
    // GraphiQL names the forms of these that have no named exports once they are bundled.
    alias: {
      'prettier/parser-graphql': 'prettier/plugins/graphql',
      'prettier/parser-babel': 'prettier/plugins/babel',
    },
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

// A first visit loads 6.0 MB, of which 1.7 MB travel. Fonts in woff2 are compressed already.
for (const file of await readdir(outdir))
  if (/\.(js|css|ttf|svg)$/.test(file))
    await writeFile(join(outdir, `${file}.gz`), gzipSync(await readFile(join(outdir, file)), { level: 9 }));
