import { createHash, type Hash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './data-folder.ts';
import { runNode, tool } from './programs.ts';

interface Derivation {
  name: string;
  /** Globs of what it is derived from, relative to the checkout. */
  from: string[];
  /** Files that are there once it is done. */
  to: () => string[];
  command: string[];
  env?: NodeJS.ProcessEnv;
  /** Committed, because its difference is what a reviewer reads. Others are ignored by git. */
  committed: boolean;
}

const derivations: Derivation[] = [
  {
    name: 'prisma',
    from: ['prisma/schema/*.prisma', 'prisma.config.ts'],
    to: () => ['prisma/client/client.ts'],
    command: [tool('prisma/build/index.js'), 'generate'],
    committed: false,
  },
  {
    name: 'graphql',
    from: [
      'subgraphs/*/schema.graphql',
      'gateway/supergraph.graphql',
      'web/{app,apollo,components}/**/*.{ts,tsx}',
      'codegen.ts',
    ],
    to: () => [
      ...schemas().map((file) => file.replace('.graphql', '.generated.ts')),
      'web/graphql.generated/graphql.ts',
    ],
    command: [tool('@graphql-codegen/cli/esm/bin.js'), '--config', 'codegen.ts', '--errors-only'],
    committed: false,
  },
  {
    name: 'playground',
    from: ['gateway/playground/{*.ts,{app,operations}/**/*.*}', 'web/styles/tokens.css'],
    to: () => ['gateway/playground/dist/main.js'],
    command: ['gateway/playground/build.ts'],
    committed: false,
  },
  {
    name: 'events',
    from: ['platform/events/*.avsc', 'platform/events/{generate,typescript}.ts'],
    to: () => ['platform/events/schemas.generated.ts'],
    command: ['platform/events/generate.ts'],
    committed: true,
  },
  {
    name: 'supergraph',
    from: ['subgraphs/*/schema.graphql', 'supergraph.yaml', 'gateway/compose.ts'],
    to: () => ['gateway/supergraph.graphql'],
    command: ['gateway/compose.ts'],
    committed: true,
  },
];

/**
 * Writes what is derived, where its sources or the versions of the tools have changed. `all` includes what is
 * committed; checks leave that alone, since they must see whether it is up to date. Returns the names of what was
 * written; rejects with a generator's own words.
 */
export async function generate({ all, signal }: { all: boolean; signal?: AbortSignal }): Promise<string[]> {
  const written: string[] = [];
  // What the client's operations are typed by is itself derived, and committed.
  for (const now of all ? [true, false] : [false]) {
    const wanted = derivations.filter(({ committed }) => committed === now);
    written.push(...(await Promise.all(wanted.map((derivation) => derive(derivation, signal)))).flat());
  }
  return written;
}

/**
 * Builds the web client into a folder of `web/`, unless that was done since its sources changed. Its generated sources
 * must be there. Resolves with whether there was anything to do; rejects with Next's own words.
 */
export async function buildWeb(folder: string, signal?: AbortSignal): Promise<boolean> {
  const written = await derive(
    {
      name: `web${folder}`,
      from: [
        'web/{app,apollo,components,styles,graphql.generated}/**/*.*',
        'web/{{next,postcss}.config.mjs,{tsconfig,package}.json,.browserslistrc}',
      ],
      to: () => [`web/${folder}/BUILD_ID`],
      command: [tool('next/dist/bin/next'), 'build', 'web'],
      env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', WEB_BUILD_FOLDER: folder },
      committed: false,
    },
    signal,
  );
  return written.length > 0;
}

async function derive(
  { name, from, to, command, env = {} }: Derivation,
  signal?: AbortSignal,
): Promise<string[]> {
  const stamp = join(root, `node_modules/.roost-generated-${name}`);
  const hash = hashOf(['package-lock.json', ...from]);
  const present = to().every((file) => existsSync(join(root, file)));
  if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return [];
  const result = await runNode(command, {
    // Prisma wants to download its schema engine before it looks whether it needs one: any program will do here.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', ...env },
    output: 'keep',
    ...(signal && { signal }),
  });
  if (!result.ok) throw new Error(`Generating ${name} failed:\n${result.output}`);
  writeFileSync(stamp, hash);
  return [name];
}

const schemas = () => globSync('subgraphs/*/schema.graphql', { cwd: root });

function hashOf(globs: string[]): string {
  const hash: Hash = createHash('sha256');
  for (const file of globSync(globs, { cwd: root }).toSorted())
    hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
