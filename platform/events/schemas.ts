import { readdirSync, readFileSync } from 'node:fs';
import avsc, { type Type } from 'avsc';
import { z } from 'zod';

const shape = z.looseObject({
  type: z.literal('record'),
  name: z.string(),
  namespace: z.string().regex(/^roost\.v\d+$/, 'must be roost.v and the version, as in roost.v1'),
});

/** An event's schema. Typed only in what is read here; Avro checks the rest. */
export type Schema = z.infer<typeof shape>;

/** How an event is called on its way: `TweetPosted.v1`. */
export const nameOf = ({ name, namespace }: Schema): string => `${name}.${namespace.replace('roost.', '')}`;

/** The schema in a file of this folder, as in `readSchema('tweet-posted.v1.avsc')`. */
export const readSchema = (file: string): Schema => shape.parse(readJson(file));

/** What every `.avsc` file of this folder says. */
export const readSchemas = (): Schema[] =>
  readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.avsc'))
    .toSorted()
    .map(readSchema);

/** Schemas by event name, oldest first. */
export type SchemaHistory = Record<string, Schema[]>;

/**
 * Every schema that was ever accepted: what was written with one of them can still be read, and must be. `generate.ts`
 * appends; a schema is taken out only when nothing written with it is kept any more.
 */
export const readHistory = (): SchemaHistory =>
  z.record(z.string(), z.array(shape)).parse(readJson(historyFile));

export const historyFile = 'schema-history.json';

const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

/** Values that it decodes have no methods of their own. */
export const parseSchema = (schema: Schema): Type =>
  avsc.Type.forSchema(structuredClone(schema) as AvroSchema, { omitRecordMethods: true });

type AvroSchema = Parameters<typeof avsc.Type.forSchema>[0];
