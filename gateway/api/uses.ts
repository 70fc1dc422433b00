import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  getNamedType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DefinitionNode,
  type GraphQLSchema,
} from 'graphql';
import { readSavedOperations } from '../playground/saved-operations.ts';

/** An operation or fragment of ours, and all of a schema that it mentions. */
export interface Use {
  /** Where somebody finds it. */
  name: string;
  /** Types, `Type.field`, `Type.field.argument`, `Input.field` and `Enum.VALUE`. */
  mentions: ReadonlySet<string>;
}

const checkout = join(import.meta.dirname, '../..');

/** All that the playground and the web client ask, as text with the place that it is from. */
export function ourDocuments(): { place: string; text: string }[] {
  const saved = readSavedOperations().map(({ screen, text }) => ({ place: `playground, ${screen}`, text }));
  const files = globSync('web/{app,apollo,components}/**/*.{ts,tsx}', { cwd: checkout });
  const web = files.flatMap((file) =>
    [...readFileSync(join(checkout, file), 'utf8').matchAll(/\bgql\(\s*`([^`]+)`/g)].map(([, text = '']) => ({
      place: file,
      text,
    })),
  );
  return [...saved, ...web];
}

/** What each operation and each fragment by itself mentions of a schema; unknown things are left out. */
export const usesOf = (schema: GraphQLSchema, documents: { place: string; text: string }[]): Use[] =>
  documents.flatMap(({ place, text }) =>
    parse(text).definitions.map((definition) => ({
      name: `${nameOf(definition)} (${place})`,
      mentions: mentionsOf(schema, definition),
    })),
  );

const nameOf = (definition: DefinitionNode): string =>
  'name' in definition ? (definition.name?.value ?? 'unnamed') : 'unnamed';

function mentionsOf(schema: GraphQLSchema, definition: DefinitionNode): Set<string> {
  const mentions = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    definition,
    visitWithTypeInfo(info, {
      NamedType: ({ name }) => void mentions.add(name.value),
      Field: ({ name }) => {
        mentions.add(`${info.getParentType()?.name}.${name.value}`);
        const type = info.getType();
        if (type) mentions.add(getNamedType(type).name);
      },
      Argument: ({ name }) => {
        const field = info.getFieldDef();
        // A directive's has none.
        if (field) mentions.add(`${info.getParentType()?.name}.${field.name}.${name.value}`);
        const type = info.getInputType();
        if (type) mentions.add(getNamedType(type).name);
      },
      ObjectField: ({ name }) => {
        const parent = info.getParentInputType();
        if (parent) mentions.add(`${getNamedType(parent).name}.${name.value}`);
      },
      EnumValue: ({ value }) => {
        const type = info.getInputType();
        if (type) mentions.add(`${getNamedType(type).name}.${value}`);
      },
    }),
  );
  return mentions;
}
