import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { accept, incompatibilities } from './compatibility.ts';
import type { Schema, SchemaHistory } from './schemas.ts';

const schema = (fields: object[]): Schema => ({
  type: 'record',
  name: 'Hatched',
  namespace: 'roost.v1',
  fields,
});
const id = { name: 'id', type: 'string' };
const weight = { name: 'weight', type: 'int' };
const nest = { name: 'nest', type: 'string', default: '' };
const history: SchemaHistory = { 'Hatched.v1': [schema([id, weight])] };

it('finds the schemas of this commit accepted, and the types and the history made of them', () => {
  const generate = new URL('generate.ts', import.meta.url).pathname;
  expect(() => execFileSync(process.execPath, [generate, '--check'], { stdio: 'pipe' })).not.toThrow();
});

it('lets a field come with a default, and go again', () => {
  const grown = schema([id, weight, nest]);
  expect(incompatibilities([grown], history)).toEqual([]);
  expect(incompatibilities([schema([id, weight])], accept([grown], history))).toEqual([]);
});

it.each([
  ['a field comes without a default', [id, weight, { name: 'nest', type: 'string' }], "can't read what"],
  ['a field goes that older readers need', [id], 'writes what'],
  ['a type changes', [id, { name: 'weight', type: 'string' }], "can't read what"],
  ['a type grows, which only new readers understand', [id, { name: 'weight', type: 'long' }], 'writes what'],
])('refuses that %s', (_, fields, reason) => {
  expect(incompatibilities([schema(fields)], history).join('\n')).toMatch(reason);
});

it('compares with every schema that was accepted, not with the last alone', () => {
  const before: SchemaHistory = { 'Hatched.v1': [schema([id]), schema([id, nest])] };
  const faults = incompatibilities([schema([id, { name: 'nest', type: 'string' }])], before);
  expect(faults).toHaveLength(1);
});

it('refuses that an event disappears', () => {
  expect(incompatibilities([], history)).toEqual([
    'Hatched.v1 has no schema any more, but topics may still hold it.',
  ]);
});

it('keeps one of two schemas that write the same bytes, the newer', () => {
  const told = schema([{ ...id, doc: 'Of the egg.' }, weight]);
  expect(accept([told], history)).toEqual({ 'Hatched.v1': [told] });
  expect(accept([schema([id, weight, nest])], history)['Hatched.v1']).toHaveLength(2);
});
