import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { subgraphs } from '../bin/secrets.ts';

const root = join(import.meta.dirname, '..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');

const NAME = '[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*';
const names = (source: string, ...patterns: string[]) =>
  patterns.flatMap((pattern) => [...source.matchAll(new RegExp(pattern, 'gm'))].map(([, name = '']) => name));

/** Of the processes that somebody runs; what tests and generators ask for is theirs. */
const sources = globSync('{bin,demo,engines,gateway,platform,prisma,subgraphs}/**/*.{ts,cjs}', {
  cwd: root,
  exclude: [
    'prisma/client',
    'gateway/playground',
    '**/*.{test,builder,generated}.ts',
    '**/fixture.ts',
    '**/world.ts',
  ],
});

/**
 * Names that are looked up in an environment, and properties in capitals in files that import a `config.ts`: there they
 * are those of shapes for `loadConfig`, unless a literal is set there. A name that is put together, as
 * `<NAME>_ASSERTION_KEY`, is in some shape whole, but for those of ports.
 */
const variablesIn = (source: string): string[] => [
  ...names(source, `\\benv(?:ironment)?\\['(${NAME})'\\](?! = )`, `\\bvalue\\('(${NAME})'\\)`),
  ...(/\/config\.ts'/.test(source)
    ? names(source, `^\\s*(${NAME}):(?! ['\`])`, `[{,] (${NAME}):(?! ['\`])`)
    : []),
];

describe('docs/operations.md', () => {
  const page = text('docs/operations.md');
  const code = sources.map(text);
  const ports = subgraphs.map((name) => `${name.toUpperCase()}_PORT`);

  it('lists every variable that a process reads, and none that no process reads', () => {
    const listed = names(names(page, '^\\| ([^|]+)\\|').join('\n'), `\`(${NAME})\``);
    expect(listed.toSorted()).toEqual([...new Set([...code.flatMap(variablesIn), ...ports])].toSorted());
  });

  it('names only metrics, roles and files that there are', () => {
    const named = names(page, '\\b(roost_[a-z_]*[a-z])\\b');
    expect(named.filter((name) => !code.some((source) => source.includes(name)))).toEqual([]);
    const files = names(page, '\\b((?:bin|docs|gateway|platform|prisma|subgraphs)/[\\w/-]+\\.\\w+)');
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
