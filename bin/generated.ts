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
}

const derivations: Derivation[] = [
  {
    name: 'prisma',
    from: ['prisma/schema/*.prisma', 'prisma.config.ts'],
    to: () => ['prisma/client/client.ts'],
    command: [tool('prisma/build/index.js'), 'generate'],
  },
  {
    name: 'graphql',
    from: ['subgraphs/*/schema.graphql', 'codegen.ts'],
    to: () =>
      globSync('subgraphs/*/schema.graphql', { cwd: root }).map((file) =>
        file.replace('.graphql', '.generated.ts'),
      ),
    command: [tool('@graphql-codegen/cli/esm/bin.js'), '--config', 'codegen.ts', '--errors-only'],
  },
];

/**
 * Writes what is derived and not committed, where its sources or the versions of the tools have changed. Returns the
 * names of what was written; rejects with a generator's own words.
 */
export async function generate(signal?: AbortSignal): Promise<string[]> {
  const written = await Promise.all(
    derivations.map(async (derivation) => {
      const stamp = join(root, `node_modules/.roost-generated-${derivation.name}`);
      const hash = hashOf(['package-lock.json', ...derivation.from]);
      const present = derivation.to().every((file) => existsSync(join(root, file)));
      if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return [];
      const result = await runNode(derivation.command, {
        // Prisma wants to download its schema engine before it looks whether it needs one: any program will do here.
        env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
        output: 'keep',
        ...(signal && { signal }),
      });
      if (!result.ok) throw new Error(`Generating ${derivation.name} failed:\n${result.output}`);
      writeFileSync(stamp, hash);
      return [derivation.name];
    }),
  );
  return written.flat();
}

function hashOf(globs: string[]): string {
  const hash: Hash = createHash('sha256');
  for (const file of globSync(globs, { cwd: root }).toSorted())
    hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
