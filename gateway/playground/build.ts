import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { readSavedOperations } from './saved-operations.ts';

/** Bundles the playground into `dist/`, whole: no file of it comes from another host. Takes some seconds. */
const app = join(import.meta.dirname, 'app');
const outdir = join(import.meta.dirname, 'dist');

const options = {
  bundle: true,
  minify: true,
  outdir,
  target: 'es2022',
  logLevel: 'warning',
  legalComments: 'linked',
  metafile: true,
  define: { 'process.env.NODE_ENV': '"production"' },
} satisfies BuildOptions;
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

const built = await Promise.all([
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
]);
const pages = ['index.html', 'icon.svg'];
for (const file of pages) await cp(join(app, file), join(outdir, file));
// The same page, where there are demo people: it offers to sign in as one.
const demoPage = 'demo.html';
const page = await readFile(join(app, 'index.html'), 'utf8');
await writeFile(join(outdir, demoPage), page.replace('<html ', '<html data-demo '));

// Compressed ones lie beside the others: a first visit loads 6.0 MB, of which 1.7 MB travel.
const files = [
  ...pages,
  demoPage,
  ...built.flatMap(({ metafile }) => Object.keys(metafile.outputs).map((file) => basename(file))),
];
const compressible = files.filter((file) => /\.(js|css|ttf|svg)$/.test(file));
for (const file of compressible)
  await writeFile(join(outdir, `${file}.gz`), gzipSync(await readFile(join(outdir, file)), { level: 9 }));

// Of an earlier build, whose parts were called otherwise. Last, so that a gateway that serves them always has some.
const kept = new Set([...files, ...compressible.map((file) => `${file}.gz`)]);
for (const file of await readdir(outdir)) if (!kept.has(file)) await rm(join(outdir, file));
