import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

interface Direction {
  rule: string;
  /** Files of the checkout that it binds. */
  of: RegExp;
  not?: RegExp;
  /** What these may not import: a file of the checkout, or a package. */
  forbids: (imported: string, file: string) => boolean;
}

const server = /^(bin|demo|engines|gateway|platform|prisma|subgraphs)\//;
/** Where a subgraph meets the outside; its other files are the domain. */
const edges =
  /\/(resolvers|loaders|context|config|main|worker|assembly|redis|[\w-]+-(store|subgraph|worker|consumer|loaders|resolvers))\.ts$|\/resolvers\/|\.generated\.ts$/;
/** Statements and keys that have a file beside their store. Whoever adds one here says that it is no domain. */
const storeParts =
  /\/(user\/(account-opening|ended-sessions)|tweet\/(delete-tweet|edit-tweet|counter-drift|housekeeping|live-gate)|follow\/(counter-drift|edges|erasure|pair-lock|popular|suggestions|work)|timeline\/(oracle|visibility-gate))\.ts$/;
const tests = /\.(test|builder)\.ts$|\/timeline\/world\.ts$/;
const outside =
  /^(graphql|@graphql|@apollo|dataloader|kafkajs|@prisma|pg|ioredis)(\/|-|$)|^prisma\/|^platform\/messaging\/(?!keep-trying|out-of-reach)|^platform\/(postgres|redis)/;
const subgraphOf = (file: string) => /^subgraphs\/([^/]+)\//.exec(file)?.[1];

const directions: Direction[] = [
  {
    rule: 'the web client imports nothing of the server',
    of: /^web\//,
    forbids: (imported) => server.test(imported),
  },
  {
    rule: 'a subgraph imports no sibling: they meet in the supergraph and in platform/events',
    of: /^subgraphs\//,
    forbids: (imported, file) =>
      subgraphOf(imported) !== undefined && subgraphOf(imported) !== subgraphOf(file),
  },
  {
    rule: 'the domain of a subgraph knows no GraphQL, Kafka, Prisma, Postgres or Redis',
    of: /^subgraphs\/[^/]+\//,
    not: new RegExp([edges, storeParts, tests].map(({ source }) => source).join('|')),
    forbids: (imported) => outside.test(imported),
  },
  {
    rule: 'the platform imports no subgraph, and nothing built upon it',
    of: /^platform\//,
    not: tests,
    forbids: (imported) => /^(subgraphs|gateway|demo|bin)\//.test(imported),
  },
  {
    rule: 'kafkajs is imported by platform/messaging only, and by the engines to see whether Kafka answers',
    of: /./,
    not: /^(platform\/messaging|engines)\//,
    forbids: (imported) => imported === 'kafkajs',
  },
];

const root = join(import.meta.dirname, '..');
const importPattern = /\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** "file imports what" for each import that goes against a direction. */
function offences({ of, not, forbids }: Direction, file: string, source: string): string[] {
  if (!of.test(file) || not?.test(file)) return [];
  return [...source.matchAll(importPattern)]
    .map(([, from, sideEffect]) => from ?? sideEffect ?? '')
    .map((specifier) => (specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier))
    .filter((imported) => forbids(imported, file))
    .map((imported) => `${file} imports ${imported}`);
}

/** This file has examples of all that is forbidden. */
const exclude = ['node_modules', '.roost*', 'web/.next*', 'prisma/client', 'tests/import-directions.test.ts'];

describe('imports', () => {
  const files = globSync('*/**/*.{ts,tsx}', { cwd: root, exclude });
  const sources = files.map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }));

  it.each(directions)('follow the direction: $rule', (direction) => {
    expect(sources.flatMap(({ file, source }) => offences(direction, file, source))).toEqual([]);
  });

  it.each([
    ['web/app/page.tsx', `import { Id } from '../../platform/ids.ts';`],
    ['subgraphs/tweet/resolvers.ts', `import { UserStore } from '../user/user-store.ts';`],
    ['subgraphs/viewer.ts', `export { Tweet } from './tweet/tweet.ts';`],
    ['subgraphs/tweet/tweet.ts', `import { GraphQLError } from 'graphql';`],
    ['subgraphs/tweet/tweet.ts', `import type {\n  Pool,\n} from 'pg';`],
    ['subgraphs/user/password.ts', `import { PrismaClient } from '../../prisma/client/client.ts';`],
    ['subgraphs/timeline/fan-out.ts', `const redis = await import('ioredis');`],
    ['platform/messaging/relay.ts', `import '../../subgraphs/tweet/tweet.ts';`],
    ['subgraphs/timeline/main.ts', `import { Kafka } from 'kafkajs';`],
  ])('would be caught: %s with %s', (file, source) => {
    expect(directions.flatMap((direction) => offences(direction, file, source))).toHaveLength(1);
  });

  it('may cross where the tree is meant to be crossed', () => {
    const allowed: [string, string][] = [
      [
        'subgraphs/tweet/tweet.ts',
        `import { Id } from '../../platform/ids.ts'; import { codes } from '../errors.ts';`,
      ],
      [
        'subgraphs/tweet/tweet-store.ts',
        `import pg from 'pg'; import { append } from '../../platform/messaging/outbox.ts';`,
      ],
      ['platform/messaging/kafka.ts', `import { Kafka } from 'kafkajs';`],
    ];
    expect(
      allowed.flatMap(([file, source]) => directions.flatMap((rule) => offences(rule, file, source))),
    ).toEqual([]);
  });
});
