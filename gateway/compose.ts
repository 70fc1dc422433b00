import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const configShape = z.object({
  subgraphs: z.record(z.string(), z.object({ routing_url: z.url(), schema: z.object({ file: z.string() }) })),
  /** Ours alone: hints that we live with, by their code and a part of their words, and why. */
  allowed_hints: z
    .array(z.object({ code: z.string(), about: z.string().min(3), because: z.string().min(20) }))
    .default([]),
});

export interface Composition {
  /** Null when the subgraphs contradict one another. */
  supergraphSdl: string | null;
  /** What is wrong, and hints at what will be surprising, each with its code; but for those that are allowed. */
  complaints: string[];
}

/** Composes what a `supergraph.yaml` names. Schema files are found relative to it, and nothing is asked of the network. */
export function composeSupergraph(configFile: string): Composition {
  const config = configShape.parse(parseYaml(readFileSync(configFile, 'utf8')));
  const services = Object.entries(config.subgraphs).map(([name, subgraph]) => ({
    name,
    url: subgraph.routing_url,
    typeDefs: parse(readFileSync(resolve(dirname(configFile), subgraph.schema.file), 'utf8')),
  }));
  const { supergraphSdl, errors = [], hints = [] } = composeServices(services);
  const told = hints.map((hint) => ({ code: hint.definition.code, message: hint.message }));
  const allows = ({ code, about }: (typeof config.allowed_hints)[number], hint: (typeof told)[number]) =>
    hint.code === code && hint.message.includes(about);
  const idle = config.allowed_hints.filter((allowed) => !told.some((hint) => allows(allowed, hint)));
  return {
    supergraphSdl: supergraphSdl ?? null,
    complaints: [
      ...errors.map((error) => `error ${String(error.extensions['code'])}: ${error.message}`),
      ...told
        .filter((hint) => !config.allowed_hints.some((allowed) => allows(allowed, hint)))
        .map(({ code, message }) => `hint ${code}: ${message}`),
      ...idle.map(({ code, about }) => `hint ${code} about "${about}" is allowed, and is not given any more`),
    ],
  };
}

/** `--check` writes nothing, and fails when the committed supergraph is not what the subgraphs compose to. */
function main(): void {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: join(import.meta.dirname, '../supergraph.yaml') },
      out: { type: 'string', default: join(import.meta.dirname, 'supergraph.graphql') },
      check: { type: 'boolean', default: false },
    },
  });
  const { supergraphSdl, complaints } = composeSupergraph(values.config);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
  if (supergraphSdl === null) return;
  const text = `${supergraphSdl.trimEnd()}\n`;
  if (!values.check) {
    writeFileSync(values.out, text);
  } else if (readFileSync(values.out, 'utf8') !== text) {
    console.error(`${values.out} is not what the subgraphs compose to: run \`node gateway/compose.ts\`.`);
    process.exitCode = 1;
  }
}

if (import.meta.main) main();
