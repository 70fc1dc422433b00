import { describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery } from 'graphql';
import { createDocuments } from './documents.ts';
import { TOKEN_LIMIT } from './limits.ts';

const schema = buildSchema(`
  type Query { self: Query name: String }
  type Subscription { event: Query }
`);

const complaints = (text: string): string[] =>
  createDocuments(() => schema, { introspection: true, only: null })
    .read(text)
    .errors.map(({ message }) => message);

const nested = (depth: number) => `${'{ self '.repeat(depth - 1)}{ name }${' }'.repeat(depth - 1)}`;

describe('the limits of an operation', () => {
  it('lets fields be 15 deep and no deeper', () => {
    expect(complaints(nested(15))).toEqual([]);
    expect(complaints(nested(16))).toEqual(['Fields are nested at most 15 deep.']);
  });

  it('counts depth through fragments, whether they have a name or not', () => {
    const inner = nested(8);
    expect(
      complaints(`{ self { ...Deep ... on Query { self { name } } } } fragment Deep on Query ${inner}`),
    ).toEqual([]);
    expect(
      complaints(`{ self { self { self { ... { self { self { self { self { ...Deep } } } } } } } } }
        fragment Deep on Query { self ${nested(8)} }`),
    ).toEqual(['Fields are nested at most 15 deep.']);
  });

  it('lets introspection be as deep as it needs', () => {
    expect(complaints(getIntrospectionQuery())).toEqual([]);
  });

  it('refuses more than 50 aliases, also by way of fragments', () => {
    const aliases = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: name`).join(' ');
    expect(complaints(`{ self { ${aliases(50)} } }`)).toEqual([]);
    expect(complaints(`{ self { ${aliases(51)} } }`)).toEqual([
      expect.stringContaining('at most 50 aliases'),
    ]);
    expect(complaints(`{ self { ...A } x: self { ...A } } fragment A on Query { ${aliases(30)} }`)).toEqual([
      expect.stringContaining('at most 50 aliases'),
    ]);
  });

  it('adds up fragments that spread one another thousands of millions of times', () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) => `fragment F${i} on Query { ${i === 11 ? 'name' : `self { ...F${i + 1} } `.repeat(20)} }`,
    ).join('\n');
    expect(complaints(`{ ...F0 } ${bomb}`)).toEqual([expect.stringContaining('at most 3000 fields')]);
  });

  it('survives fragments that spread themselves', () => {
    expect(complaints('{ ...F } fragment F on Query { self { ...F } }')).toEqual([
      'Cannot spread fragment "F" within itself.',
    ]);
  });

  it('refuses a document of too many tokens before it is read', () => {
    expect(complaints(`{ ${'name '.repeat(TOKEN_LIMIT)} }`)).toEqual([expect.stringContaining('tokens')]);
  });

  it.each([
    'subscription ($x: Boolean!) { event @include(if: $x) { name } }',
    'subscription ($x: Boolean!) { ... @skip(if: $x) { event { name } } }',
    'subscription ($x: Boolean!) { ...S @include(if: $x) } fragment S on Subscription { event { name } }',
    'subscription ($x: Boolean!) { ...S } fragment S on Subscription { event @skip(if: $x) { name } }',
  ])('refuses a condition at the root of a subscription: %s', (text) => {
    expect(complaints(text)).toEqual(['The field of a subscription takes neither @include nor @skip.']);
  });

  it('lets conditions stand below the root of a subscription', () => {
    expect(complaints('subscription ($x: Boolean!) { event { name @include(if: $x) } }')).toEqual([]);
  });
});
