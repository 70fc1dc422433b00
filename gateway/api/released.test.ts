import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { promiseOf } from './main.ts';

// What is committed is promised with it: otherwise what came since the last release could be taken away unseen.
it('has promised all that is in the API; after an addition, `node gateway/api/main.ts --release` does', () => {
  const sdl = readFileSync(join(import.meta.dirname, '../supergraph.graphql'), 'utf8');
  const api = Supergraph.build(sdl).apiSchema().toGraphQLJSSchema();
  expect(readFileSync(join(import.meta.dirname, 'released.graphql'), 'utf8')).toBe(promiseOf(api));
});
