import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST } from 'graphql';
import { createDocuments } from './documents.ts';

describe('values of variables', () => {
  const schema = buildSchema(`
    enum Colour { GREEN }
    input Wish { colours: [Colour!]! }
    type Query { grant(wish: Wish!): Int }
  `);
  const faultsOf = (colours: string[], introspection = true) => {
    const documents = createDocuments(() => schema, { introspection, only: null });
    const operation = getOperationAST(documents.read('query ($wish: Wish!) { grant(wish: $wish) }').document);
    return operation && documents.faultsIn(operation, { wish: { colours } });
  };

  it('have no faults when they are as they should be', () => {
    expect(faultsOf(['GREEN'])).toEqual([]);
  });

  it('are told what is wrong, of many faults a few', () => {
    const wrong = Array.from({ length: 200 }, () => 'GREN');
    expect(faultsOf(wrong)?.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 10 }, () => expect.stringContaining('Did you mean the enum value "GREEN"?')),
      expect.stringContaining('Too many errors'),
    ]);
    expect(faultsOf(wrong)?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('are told no names where the schema is kept', () => {
    expect(faultsOf(['GREN'], false)?.map(({ message }) => message)).toEqual([
      'Variable "$wish" got invalid value "GREN" at "wish.colours[0]"; Value "GREN" does not exist in "Colour" enum.',
    ]);
  });
});
