import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { removableOn, vagueDeprecations } from './deprecations.ts';

const withReason = (reason: string) =>
  buildSchema(`type Query { now: Int, then: Then @deprecated(reason: "${reason}") } type Then { at: Int }`);

describe('a deprecation', () => {
  it.each([
    ['Use `Query.now`. Goes on 2030-01-31.', []],
    ['Use `Then`. Goes on 2030-01-31.', []],
    ['Goes on 2030-01-31.', ['what to use instead']],
    ['Use `Query.never`. Goes on 2030-01-31.', ['something that exists']],
    ['Use `Query.now` soon.', ['the day on which it goes']],
    ['Use `Query.now`. Goes on 2030-13-31.', ['the day on which it goes']],
    ['No longer supported', ['what to use instead', 'the day on which it goes']],
  ])('"%s" leaves open: %j', (reason, faults) => {
    const said = vagueDeprecations(withReason(reason));
    expect(said).toHaveLength(faults.length === 0 ? 0 : 1);
    for (const fault of faults) expect(said[0]).toContain(fault);
  });

  it('is looked for on fields, arguments, input fields and enum values', () => {
    const schema = buildSchema(`
      type Query { a(x: Int @deprecated, in: In, of: Of): Int @deprecated }
      input In { y: Int @deprecated }
      enum Of { Z @deprecated W }
    `);
    const paths = vagueDeprecations(schema).map((sentence) => sentence.split(' ')[0]);
    expect(paths.toSorted()).toEqual(['In.y', 'Of.Z', 'Query.a', 'Query.a.x']);
  });
});

it('lets things go from their day on, and the types that nothing else leads to', () => {
  const schema = withReason('Use `Query.now`. Goes on 2030-01-31.');
  expect([...removableOn(schema, '2030-01-30')]).toEqual([]);
  expect([...removableOn(schema, '2030-01-31')]).toEqual(['Query.then', 'Then']);
  expect([...removableOn(withReason('One day'), '9998-01-01')]).toEqual([]);
});
