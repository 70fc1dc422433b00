import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLSchema,
} from 'graphql';

interface Described {
  name: string;
  description?: string | null | undefined;
}

/** Everything that the playground's documentation shows, by its path. */
function* shown(schema: GraphQLSchema): Generator<{ path: string; described: Described }> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    yield { path: type.name, described: type };
    const members: readonly Described[] = isEnumType(type)
      ? type.getValues()
      : isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
        ? Object.values(type.getFields())
        : [];
    for (const member of members) {
      const path = `${type.name}.${member.name}`;
      yield { path, described: member };
      const { args = [] } = member as { args?: readonly Described[] };
      for (const argument of args) yield { path: `${path}(${argument.name}:)`, described: argument };
    }
  }
}

it('describes every type, field, argument, enum value and input field that clients see', () => {
  const sdl = readFileSync(join(import.meta.dirname, 'supergraph.graphql'), 'utf8');
  const schema = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();
  const everything = [...shown(schema)];
  expect(everything.length).toBeGreaterThan(300);
  const silent = everything.filter(({ described }) => (described.description ?? '').trim() === '');
  expect(silent.map(({ path }) => path)).toEqual([]);
});
