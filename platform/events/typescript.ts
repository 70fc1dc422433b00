import { z } from 'zod';
import type { Schema } from './schemas.ts';

/** The part of Avro that events use; what lies beyond is refused rather than typed wrongly. */
type Avro =
  | 'null'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'string'
  | 'bytes'
  | Avro[]
  | { type: 'array'; items: Avro }
  | { type: 'enum'; name: string; symbols: string[] }
  | { type: 'record'; name: string; doc?: string | undefined; fields: Field[] };

interface Field {
  name: string;
  type: Avro;
  doc?: string | undefined;
}

const avro: z.ZodType<Avro> = z.lazy(() =>
  z.union([
    z.enum(['null', 'boolean', 'int', 'long', 'double', 'string', 'bytes']),
    z.array(avro),
    z.object({ type: z.literal('array'), items: avro }),
    z.object({ type: z.literal('enum'), name: z.string(), symbols: z.array(z.string()) }),
    z.object({
      type: z.literal('record'),
      name: z.string(),
      doc: z.string().optional(),
      fields: z.array(z.object({ name: z.string(), type: avro, doc: z.string().optional() })),
    }),
  ]),
);

const primitives = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Buffer',
};

/** An interface for each record of an event's schema, named with the event's version: `TweetPostedV1`. */
export function interfacesOf(schema: Schema): string {
  const version = schema.namespace.replace('roost.v', 'V');
  const interfaces: string[] = [];

  const typeOf = (type: Avro): string => {
    if (typeof type === 'string') return primitives[type];
    if (Array.isArray(type)) return type.map(typeOf).join(' | ');
    if (type.type === 'array') return `(${typeOf(type.items)})[]`;
    if (type.type === 'enum') return type.symbols.map((symbol) => `'${symbol}'`).join(' | ');
    const fields = type.fields.map((field) => `${doc(field.doc)}${field.name}: ${typeOf(field.type)};`);
    interfaces.push(`${doc(type.doc)}export interface ${type.name}${version} {\n${fields.join('\n')}\n}`);
    return `${type.name}${version}`;
  };

  typeOf(avro.parse(schema));
  return interfaces.join('\n\n');
}

const doc = (text: string | undefined) => (text === undefined ? '' : `/** ${text} */\n`);
