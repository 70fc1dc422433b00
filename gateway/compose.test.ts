import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from './compose.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roost-compose-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

/** Composes two subgraphs, of which the second describes `Thing` in these words. */
function compose(words: string, allowed: object[] = []): string[] {
  const schemas = {
    one: `${LINK} type Query { thing: Thing } "A thing." type Thing @key(fields: "id") { id: ID! }`,
    two: `${LINK} "${words}" type Thing @key(fields: "id") { id: ID! size: Int }`,
  };
  for (const [name, text] of Object.entries(schemas)) writeFileSync(join(folder, `${name}.graphql`), text);
  const subgraphs = Object.fromEntries(
    Object.keys(schemas).map((name) => [
      name,
      { routing_url: 'http://127.0.0.1:1/graphql', schema: { file: `${name}.graphql` } },
    ]),
  );
  const file = join(folder, 'supergraph.yaml');
  // JSON is YAML, too.
  writeFileSync(file, JSON.stringify({ subgraphs, allowed_hints: allowed }));
  return composeSupergraph(file).complaints;
}

describe('the hints of composition', () => {
  const hint = 'INCONSISTENT_DESCRIPTION';
  const allowed = { code: hint, about: 'Thing', because: 'The two look at it from different sides.' };

  it('are complaints', () => {
    expect(compose('A thing.')).toEqual([]);
    expect(compose('Something else.')).toEqual([expect.stringContaining(`hint ${hint}: `)]);
  });

  it('are none when they are allowed, for a reason', () => {
    expect(compose('Something else.', [allowed])).toEqual([]);
    expect(() => compose('Something else.', [{ ...allowed, because: '' }])).toThrow();
  });

  it('may not be allowed for longer than they are given', () => {
    expect(compose('A thing.', [allowed])).toEqual([expect.stringContaining('not given any more')]);
  });
});
