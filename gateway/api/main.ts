import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Supergraph } from '@apollo/federation-internals';
import { buildSchema, parse, print, printSchema, visit, type GraphQLSchema } from 'graphql';
import { composeSupergraph } from '../compose.ts';
import { breakingChanges } from './breaking.ts';
import { vagueDeprecations } from './deprecations.ts';
import { ourDocuments, usesOf } from './uses.ts';

const HELP = `node gateway/api/main.ts                       fails when the API breaks what was released
node gateway/api/main.ts --release             makes the API as it is now the released one
node gateway/api/main.ts --release --breaking  also when that breaks clients, which were told`;

const baseline = join(import.meta.dirname, 'released.graphql');
const HEAD =
  '# What clients were promised, without its words. Written by `node gateway/api/main.ts --release`.\n\n';

/** What clients see of what the subgraphs compose to now. */
function apiNow(): GraphQLSchema {
  const { supergraphSdl, complaints } = composeSupergraph(join(import.meta.dirname, '../../supergraph.yaml'));
  if (supergraphSdl === null) throw new Error(complaints.join('\n'));
  return Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
}

/** Descriptions may change at any time; without them a difference of this file is one of the promise. */
export const promiseOf = (schema: GraphQLSchema): string =>
  HEAD +
  print(
    visit(parse(printSchema(schema)), {
      enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    }),
  ) +
  '\n';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { release: { type: 'boolean' }, breaking: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) return console.log(HELP);
  const next = apiNow();
  const released = buildSchema(readFileSync(baseline, 'utf8'));
  const uses = usesOf(released, ourDocuments());
  const breaking = await breakingChanges(released, next, new Date().toISOString().slice(0, 10));
  const told = breaking.map(({ sentence, touched }) => {
    const users = uses.filter(({ mentions }) => mentions.has(touched)).map(({ name }) => name);
    return `${sentence}\n  Of ours it touches ${users.length === 0 ? 'nothing' : users.join(', ')}.`;
  });
  const vague = vagueDeprecations(next);
  if (values.release === true && vague.length === 0 && (told.length === 0 || values.breaking === true)) {
    writeFileSync(baseline, promiseOf(next));
    return;
  }
  for (const fault of [...told, ...vague]) console.error(`${fault}\n`);
  if (told.length > 0)
    console.error(
      `This breaks the API that clients were promised, ${baseline}.\nIf they were told: node gateway/api/main.ts --release --breaking`,
    );
  if (told.length + vague.length > 0) process.exitCode = 1;
}

if (import.meta.main) await main();
