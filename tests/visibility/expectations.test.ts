import { expect, it } from '@jest/globals';
import { buildASTSchema, isObjectType, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf, RULES, type Rule } from './expectations.ts';

it('has one row for every field that clients see, and none for one that there is not', () => {
  const sdl = readFileSync(join(import.meta.dirname, '../../gateway/supergraph.graphql'), 'utf8');
  const types = Object.values(buildASTSchema(parse(sdl), { assumeValid: true }).getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)
      : [],
  );
  const rows = Object.keys(RULES).flatMap((rule) => fieldsOf(rule as Rule));
  expect(rows.toSorted()).toEqual(fields.toSorted());
});
