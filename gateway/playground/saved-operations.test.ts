import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { getOperationAST, getVariableValues, Kind, parse, specifiedRules, validate } from 'graphql';
import { limitRules } from '../limits.ts';
import { readSavedOperations } from './saved-operations.ts';

const sdl = readFileSync(join(import.meta.dirname, '../supergraph.graphql'), 'utf8');
const schema = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();
const saved = readSavedOperations();

describe.each(saved)('the saved operation $screen: $name', ({ name, text, sentence, variables }) => {
  const document = parse(text);
  const operation = getOperationAST(document);

  it('is one valid operation, within the limits', () => {
    expect(operation?.name?.value).toBe(name);
    const errors = validate(schema, document, [...specifiedRules, ...limitRules]);
    expect(errors.map(({ message }) => message)).toEqual([]);
  });

  it('says in a sentence what it is for', () => {
    expect(sentence).toMatch(/^[A-Z"].+[.?]$/);
  });

  it('has example variables that fit, for all that it cannot do without', () => {
    const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], variables);
    expect(errors?.map(({ message }) => message)).toBeUndefined();
    const declared = operation?.variableDefinitions?.map((definition) => definition.variable.name.value);
    expect(Object.keys(variables).filter((variable) => !declared?.includes(variable))).toEqual([]);
  });
});

describe('the saved operations', () => {
  it('have names of their own on their screens', () => {
    const names = saved.map(({ screen, name }) => `${screen}: ${name}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('reach all that can be asked, done and followed', () => {
    const asked = new Set<string>();
    for (const { text } of saved) {
      const operation = getOperationAST(parse(text));
      for (const selection of operation?.selectionSet.selections ?? [])
        if (selection.kind === Kind.FIELD) asked.add(`${operation?.operation}.${selection.name.value}`);
    }
    const all = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
      (root) => Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name.toLowerCase()}.${field}`),
    );
    expect(all.filter((field) => !asked.has(field))).toEqual([]);
  });
});
